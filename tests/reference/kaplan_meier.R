# Survival of two groups: medians with their intervals, survival at times and restricted
# means by survfit(), log-rank and Peto-Peto tests by survdiff(), hazard ratios by coxph()
# with the three ways to treat ties.
source("lib/reference.R")
needs("survival")
suppressPackageStartupMessages(library(survival))

two_groups <- function(time, event, group) {
  data.frame(time = time, event = as.integer(event), group = as.integer(factor(group)))
}

samples <- list(
  # Freireich et al. 1963, doi:10.1182/blood.V21.6.699.699: weeks in remission.
  remission = two_groups(
    c(
      6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35,
      1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23
    ),
    c(1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, rep(1, 21)),
    rep(c("treated", "placebo"), each = 21)
  ),
  aml = with(survival::aml, two_groups(time, status, x)),
  ovarian = with(survival::ovarian, two_groups(futime, fustat, rx)),
  veteran = with(survival::veteran, two_groups(time, status, trt)),
  lung = with(survival::lung, two_groups(time, status == 2, sex)),
  # S is one half from the second event on, in one group.
  flat_at_half = two_groups(c(2, 3, 7, 9, 1, 4, 5, 6), c(1, 1, 1, 0, 1, 1, 0, 1), rep(1:2, each = 4)),
  # Both deaths of one group at one time: chi-squared 3, more than without ties.
  tied = two_groups(c(1, 1, 2, 3), c(1, 1, 0, 1), c(1, 1, 2, 2))
)

of_group <- function(data, group) {
  fit <- survfit(Surv(time, event) ~ 1, data[data$group == group, ])
  # Up to where both groups are followed, and not before the first time of either.
  end <- max(min(tapply(data$time, data$group, max)), tapply(data$time, data$group, min))
  times <- signif(end * c(0.25, 0.5, 0.75), 2)
  found <- summary(fit, times = times, extend = TRUE)
  table <- summary(fit, rmean = end)$table
  values <- c(
    n = fit$n, events = sum(fit$n.event), end = end,
    median = unname(table["median"]),
    median.conf.low = unname(table["0.95LCL"]), median.conf.high = unname(table["0.95UCL"]),
    rmean = unname(table["rmean"]), rmean.std.error = unname(table["se(rmean)"]),
    setNames(found$surv, paste0("survival.", times)),
    setNames(found$std.err, paste0("survival.std.error.", times))
  )
  setNames(values, paste(names(values), group, sep = "@"))
}

of_sample <- function(case) {
  data <- samples[[case]]
  formula <- Surv(time, event) ~ group
  test <- function(rho) survdiff(formula, data, rho = rho)$chisq
  hazard <- function(ties) {
    fit <- suppressWarnings(coxph(formula, data, ties = ties, eps = 1e-13, iter.max = 100))
    c(exp(coef(fit)), sqrt(diag(vcov(fit))), summary(fit)$coefficients[5])
  }
  values <- c(
    of_group(data, 1), of_group(data, 2),
    log_rank = test(0), log_rank.p = pchisq(test(0), 1, lower.tail = FALSE),
    peto_peto = test(1)
  )
  # Where one group has all its events first there is no finite hazard ratio.
  if (case != "tied") for (ties in c("efron", "breslow", "exact")) {
    values <- c(values, setNames(hazard(ties), paste(ties, c("hr", "se", "p"), sep = ".")))
  }
  parts <- split(data, data$group)
  long(case, values,
    time.1 = series(parts[[1]]$time), event.1 = series(parts[[1]]$event),
    time.2 = series(parts[[2]]$time), event.2 = series(parts[[2]]$event)
  )
}

write_reference(do.call(rbind, lapply(names(samples), of_sample)), "survival")
