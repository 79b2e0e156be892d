# Public survival data, printed as papers print them: numbers, events, rates at times with
# errors and limits, numbers at risk, medians, restricted means, p-values and hazard ratios of two
# groups, in several styles.  All of it is true, so whatever checks papers must find no conflict.
#
# A style is a way to print numbers, the limits of rates, where a mean is restricted, the test and
# the way in which Cox's model treats ties.
source("lib/reference.R")
needs("survival")
needs("MASS")
suppressPackageStartupMessages(library(survival))

half_up <- function(x, digits) {
  sprintf("%.*f", digits, sign(x) * floor(abs(x) * 10^digits + 0.5) / 10^digits)
}
small_p <- function(p, digits) {
  least <- 10^-digits
  ifelse(p < least, paste0("<", format(least, scientific = FALSE)), sprintf("%.*f", digits, p))
}
plain <- function(digits) function(x) sprintf("%.*f", digits, x)

styles <- list(
  percent = list(
    rate = plain(1), time = plain(1), p = function(p) small_p(p, 3), scale = 100,
    limits = "log-log", ends = "own", test = "log_rank", ties = "efron", at_risk = TRUE
  ),
  whole = list(
    rate = plain(0), time = plain(0), p = function(p) small_p(p, 2), scale = 100,
    limits = "plain", ends = "common", test = "gehan", ties = "breslow", at_risk = FALSE
  ),
  shares = list(
    rate = plain(3), time = plain(2), p = function(p) sprintf("%.4f", p), scale = 1,
    limits = "log", ends = "common", test = "log_rank", ties = "breslow", at_risk = TRUE
  ),
  spreadsheet = list(
    rate = function(x) half_up(x, 2), time = function(x) half_up(x, 1),
    p = function(p) half_up(p, 3), scale = 100,
    limits = "none", ends = "own", test = "cox", ties = "exact", at_risk = FALSE
  )
)

in_groups <- function(time, event, group) {
  data.frame(time = time, event = as.integer(event), group = as.character(group))
}
gehan_data <- MASS::gehan
studies <- list(
  # Freireich et al. 1963, doi:10.1182/blood.V21.6.699.699: weeks in remission.
  leukaemia = list(in_groups(gehan_data$time, gehan_data$cens, gehan_data$treat), "weeks", c(6, 12, 20)),
  aml = list(with(survival::aml, in_groups(time, status, x)), "weeks", c(12, 24, 36)),
  ovarian = list(with(survival::ovarian, in_groups(futime, fustat, rx)), "days", c(300, 500)),
  # Squamous and large-cell cancers only.
  veteran = list(
    with(subset(survival::veteran, celltype %in% c("squamous", "large")), in_groups(time, status, celltype)),
    "days", c(100, 200, 300)
  ),
  # Those with performance status 2 or more.
  lung = list(
    with(subset(survival::lung, ph.ecog >= 2), in_groups(time, status == 2, sex)),
    "days", c(100, 200, 300)
  ),
  # Catheters: until the first infection of each patient.
  kidney = list(
    with(survival::kidney[!duplicated(survival::kidney$id), ], in_groups(time, status, sex)),
    "days", c(30, 100)
  ),
  # Ulcerated melanomas; deaths of other causes are censored.
  melanoma = list(
    with(subset(MASS::Melanoma, ulcer == 1), in_groups(time, status == 1, sex)),
    "days", c(365, 1000, 2000)
  )
)

row <- function(group, statistic, printed, at = "", test = "") {
  data.frame(group = group, statistic = statistic, at = at, printed = printed, test = test)
}

of_group <- function(data, group, unit, times, style, common) {
  mine <- data[data$group == group, ]
  fit <- survfit(Surv(time, event) ~ 1, mine, conf.type = style$limits)
  end <- if (style$ends == "own") max(mine$time) else common
  table <- summary(fit, rmean = end)$table
  rows <- rbind(
    row(group, "N", as.character(nrow(mine))),
    row(group, "n.event", as.character(sum(mine$event)))
  )
  times <- times[times <= max(mine$time)]
  found <- summary(fit, times = times)
  at <- paste(times, unit)
  rows <- rbind(rows, row(group, "survival", style$rate(style$scale * found$surv), at))
  known <- is.finite(found$std.err) & found$std.err > 0
  if (any(known)) {
    rows <- rbind(rows, row(
      group, "survival.std.error", style$rate(style$scale * found$std.err[known]), at[known]
    ))
    if (style$limits != "none") {
      rows <- rbind(
        rows,
        row(group, "survival.conf.low", style$rate(style$scale * found$lower[known]), at[known]),
        row(group, "survival.conf.high", style$rate(style$scale * found$upper[known]), at[known])
      )
    }
  }
  if (style$at_risk) rows <- rbind(rows, row(group, "n.risk", as.character(found$n.risk), at))
  if (!is.na(table["median"])) rows <- rbind(rows, row(group, "median", style$time(table["median"])))
  rbind(
    rows,
    row(group, "rmean", style$time(table["rmean"])),
    row(group, "rmean.std.error", style$time(table["se(rmean)"]))
  )
}

# Gehan's test: weights of the number at risk, with the hypergeometric variance.
gehan_p <- function(data) {
  first <- data$group == sort(unique(data$group))[1]
  u <- v <- 0
  for (time in unique(data$time[data$event == 1])) {
    r <- sum(data$time >= time)
    r1 <- sum(data$time >= time & first)
    d <- sum(data$time == time & data$event == 1)
    d1 <- sum(data$time == time & data$event == 1 & first)
    u <- u + r * (d1 - d * r1 / r)
    if (r > 1) v <- v + r^2 * d * (r1 / r) * (1 - r1 / r) * (r - d) / (r - 1)
  }
  pchisq(u^2 / v, 1, lower.tail = FALSE)
}

publish <- function(name, style_name) {
  style <- styles[[style_name]]
  study <- studies[[name]]
  data <- study[[1]]
  groups <- sort(unique(data$group))
  common <- min(tapply(data$time, data$group, max))
  rows <- do.call(rbind, lapply(groups, function(group) {
    of_group(data, group, study[[2]], study[[3]], style, common)
  }))
  difference <- survdiff(Surv(time, event) ~ group, data)
  model <- coxph(Surv(time, event) ~ group, data, ties = style$ties)
  hazard <- summary(model)$conf.int
  p <- switch(style$test,
    log_rank = pchisq(difference$chisq, 1, lower.tail = FALSE),
    gehan = gehan_p(data),
    cox = summary(model)$coefficients[5]
  )
  # The ratio is of the second group against the first.
  rows <- rbind(
    rows,
    row("", "p.value", style$p(p), test = style$test),
    row("", "hazard_ratio", sprintf("%.2f", hazard[1]), test = "cox"),
    row("", "hazard_ratio.conf.low", sprintf("%.2f", hazard[3]), test = "cox"),
    row("", "hazard_ratio.conf.high", sprintf("%.2f", hazard[4]), test = "cox")
  )
  cbind(dataset = name, style = style_name, unit = study[[2]], rows)
}

rows <- list()
for (name in names(studies)) {
  for (style in names(styles)) rows <- c(rows, list(publish(name, style)))
}
patients <- lapply(names(studies), function(name) {
  data <- studies[[name]][[1]]
  data <- data[order(data$group, data$time), ]
  data.frame(
    dataset = name, style = "patients", unit = studies[[name]][[2]], group = data$group,
    statistic = ifelse(data$event == 1, "event", "censored"), at = "",
    printed = sprintf("%.15g", data$time), test = ""
  )
})
write_reference(do.call(rbind, c(rows, patients)), c("survival", "MASS"))
