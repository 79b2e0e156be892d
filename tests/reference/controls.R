# Public data sets, printed as papers print: sizes, counts with percentages, means with
# standard deviations, medians with quartiles, extremes and p-values of two or more groups,
# in several styles.  All of it is true, so whatever checks papers must find no conflict here.
#
# A style is a way to print numbers, a definition of quartiles, a divisor of the variance, a
# denominator of percentages and flavours of the tests, chosen so that their result does not
# depend on the version of R.  `step` is the largest power of ten that all values of a variable
# are multiples of; `complete` says that no value of a categorical variable is missing.
source("lib/reference.R")
needs("survival")
needs("MASS")

half_up <- function(x, digits) {
  sprintf("%.*f", digits, sign(x) * floor(abs(x) * 10^digits + 0.5) / 10^digits)
}
small_p <- function(p, digits) {
  least <- 10^-digits
  ifelse(p < least, paste0("<", format(least, scientific = FALSE)), sprintf("%.*f", digits, p))
}

styles <- list(
  one_decimal = list(
    number = function(x) sprintf("%.1f", x), share = function(x) sprintf("%.1f", x),
    p = function(p) small_p(p, 3), quartiles = function(x) quantile(x, c(1, 2, 3) / 4),
    ddof = 1, of_observed = FALSE, correct = TRUE, welch = TRUE
  ),
  zeros_dropped = list(
    number = function(x) as.character(round(x, 2)), share = function(x) sprintf("%.0f", x),
    p = function(p) as.character(round(p, 2)),
    quartiles = function(x) quantile(x, c(1, 2, 3) / 4, type = 6),
    ddof = 1, of_observed = TRUE, correct = FALSE, welch = FALSE
  ),
  three_figures = list(
    number = function(x) format(x, digits = 3), share = function(x) format(x, digits = 3),
    p = function(p) format.pval(p, digits = 2, eps = 0.001),
    quartiles = function(x) fivenum(x)[2:4],
    ddof = 0, of_observed = TRUE, correct = TRUE, welch = FALSE
  ),
  spreadsheet = list(
    number = function(x) half_up(x, 2), share = function(x) half_up(x, 1),
    p = function(p) half_up(p, 4), quartiles = function(x) quantile(x, c(1, 2, 3) / 4, type = 2),
    ddof = 0, of_observed = FALSE, correct = FALSE, welch = TRUE
  )
)

infert$case <- c("control", "case")[infert$case + 1]
studies <- list(
  iris = list(iris[51:150, ], "Species", c("Sepal.Length", "Sepal.Width", "Petal.Width")),
  ToothGrowth = list(ToothGrowth, "supp", "len", "dose"),
  PlantGrowth = list(PlantGrowth, "group", "weight"),
  sleep = list(sleep, "group", "extra"),
  chickwts = list(chickwts, "feed", "weight"),
  InsectSprays = list(InsectSprays, "spray", "count"),
  mtcars = list(mtcars, "am", c("mpg", "hp", "wt"), c("cyl", "gear")),
  airquality = list(airquality, "Month", c("Ozone", "Solar.R", "Wind")),
  warpbreaks = list(warpbreaks, "tension", "breaks", "wool"),
  infert = list(infert, "case", c("age", "parity"), c("education", "induced")),
  lung = list(survival::lung, "sex", c("age", "wt.loss", "meal.cal"), "ph.ecog"),
  veteran = list(survival::veteran, "trt", c("age", "karno", "diagtime"), c("celltype", "prior")),
  colon = list(
    subset(survival::colon, etype == 1), "rx", c("age", "nodes"), c("sex", "obstruct", "differ")
  ),
  pbc = list(
    survival::pbc, "trt", c("age", "bili", "albumin", "chol"), c("sex", "stage", "edema")
  ),
  birthwt = list(MASS::birthwt, "smoke", c("age", "lwt", "bwt"), c("race", "ht")),
  Melanoma = list(MASS::Melanoma, "sex", c("age", "thickness"), c("ulcer", "status"))
)
studies$pbc[[1]] <- subset(studies$pbc[[1]], !is.na(trt))

row <- function(group, variable, level, statistic, printed, n, step = "", complete = "", test = "") {
  data.frame(
    group = group, variable = variable, level = level, statistic = statistic,
    printed = printed, n = n, step = step, complete = complete, test = test
  )
}

# The step is that of the whole data set, whatever one group happens to have.
step_of <- function(x) {
  for (digits in 0:3) if (all(abs(x - round(x, digits)) < 1e-9, na.rm = TRUE)) {
    return(sprintf("%.*f", digits, 10^-digits))
  }
  ""
}

measured <- function(style, group, variable, x, step) {
  known <- x[!is.na(x)]
  n <- length(known)
  quartiles <- style$quartiles(known)
  values <- c(
    mean = mean(known), sd = sqrt(sum((known - mean(known))^2) / (n - style$ddof)),
    p25 = quartiles[[1]], median = quartiles[[2]], p75 = quartiles[[3]],
    min = min(known), max = max(known)
  )
  rbind(
    row(group, variable, "", "N_nonmiss", as.character(n), n, step),
    row(group, variable, "", names(values), vapply(values, style$number, ""), n, step)
  )
}

counted <- function(style, group, variable, x, complete) {
  n <- if (style$of_observed) sum(!is.na(x)) else length(x)
  counts <- table(x)
  shares <- vapply(100 * c(counts) / n, style$share, "")
  rbind(
    row(group, variable, names(counts), "n", as.character(counts), n, "", complete),
    row(group, variable, names(counts), "pct", shares, n, "", complete)
  )
}

p_values <- function(style, groups, variable, x, is_count) {
  groups <- factor(groups)
  known <- !is.na(x)
  quietly <- suppressWarnings
  found <- if (is_count) {
    cells <- table(groups, x)
    cells <- cells[, colSums(cells) > 0]
    list(
      chi_squared = quietly(chisq.test(cells, correct = style$correct))$p.value,
      fisher_exact = tryCatch(fisher.test(cells)$p.value, error = function(e) NA)
    )
  } else if (nlevels(groups) == 2) {
    tied <- anyDuplicated(x[known]) > 0
    list(
      mann_whitney = quietly(wilcox.test(
        x ~ groups, exact = !tied && sum(known) < 50, correct = style$correct
      ))$p.value,
      t = t.test(x ~ groups, var.equal = !style$welch)$p.value
    )
  } else {
    list(kruskal_wallis = kruskal.test(x, groups)$p.value, anova = anova(lm(x ~ groups))[1, 5])
  }
  names(found)[names(found) == "t"] <- if (style$welch) "welch_t" else "student_t"
  found <- unlist(found)
  found <- found[!is.na(found)]
  row("", variable, "", "p.value", vapply(found, style$p, ""), sum(known), "", "", names(found))
}

publish <- function(name, style_name) {
  style <- styles[[style_name]]
  study <- studies[[name]]
  data <- study[[1]]
  groups <- as.character(data[[study[[2]]]])
  rows <- list()
  add <- function(more) rows[[length(rows) + 1]] <<- more
  for (group in c("all", unique(groups))) {
    members <- group == "all" | groups == group
    add(row(group, "", "", "N", as.character(sum(members)), sum(members)))
    for (variable in study[[3]]) {
      x <- data[[variable]]
      add(measured(style, group, variable, x[members], step_of(x)))
    }
    if (length(study) > 3) for (variable in study[[4]]) {
      x <- data[[variable]]
      add(counted(style, group, variable, x[members], if (anyNA(x)) "no" else "yes"))
    }
  }
  for (variable in study[[3]]) add(p_values(style, groups, variable, data[[variable]], FALSE))
  if (length(study) > 3) for (variable in study[[4]]) {
    add(p_values(style, groups, variable, data[[variable]], TRUE))
  }
  cbind(dataset = name, style = style_name, do.call(rbind, rows))
}

# Each data set in two of the styles, in turn.
rows <- lapply(seq_along(studies), function(i) {
  other <- i + 1 + (i %/% 4) %% 3
  chosen <- names(styles)[1 + c(i, other) %% length(styles)]
  do.call(rbind, lapply(chosen, publish, name = names(studies)[i]))
})
write_reference(do.call(rbind, rows), c("survival", "MASS"))
