# Pooled proportions by metafor: rma() on the logit scale with three estimators of the
# variance between studies, Wald's, Hartung and Knapp's interval with and without their
# factor of at least 1 ("adhoc"), and prediction intervals as Riley et al. have them.
source("lib/reference.R")
needs("metafor")
suppressPackageStartupMessages(library(metafor))

samples <- list(
  three = c("12/40", "9/20", "30/90"),
  five = c("5/20", "9/30", "30/40", "2/8", "14/52"),
  zero_cells = c("0/9", "4/10", "7/7", "3/21"),
  agreeing = c("10/20", "21/41", "15/31", "50/100"),
  two = c("3/20", "18/34"),
  embolisation = c("17/34", "6/12", "41/142", "25/60", "9/26", "55/90", "12/19"),
  rare = c("1/116", "3/117", "0/35", "9/195", "7/136", "6/157", "4/139", "19/103"),
  large = c("400/1000", "433/1020", "380/900", "501/1100", "2000/4100", "77/160")
)

of_sample <- function(case, method) {
  parts <- do.call(rbind, strsplit(samples[[case]], "/"))
  x <- as.numeric(parts[, 1])
  n <- as.numeric(parts[, 2])
  fit <- function(test, ...) {
    # Iterate until nothing changes, so that the tables of two machines agree.
    control <- if (method == "REML") list(threshold = 1e-13, maxiter = 10000) else list()
    if (method == "PM") control <- list(tol = 1e-13)
    rma(
      xi = x, ni = n, measure = "PLO", method = method, test = test, add = 1 / 2,
      to = "only0", control = control, ...
    )
  }
  wald <- fit("z")
  knapp <- fit("knha")
  adhoc <- fit("adhoc")
  riley <- if (length(x) > 2) predict(adhoc, pi.type = "riley")
  default <- predict(adhoc)
  values <- c(
    logit = unname(wald$beta[1]), standard_error = wald$se, tau2 = wald$tau2,
    q = wald$QE, q_p = wald$QEp, i2 = wald$I2 / 100,
    wald_low = wald$ci.lb, wald_high = wald$ci.ub,
    factor = (knapp$se / wald$se)^2,
    hartung_knapp_low = knapp$ci.lb, hartung_knapp_high = knapp$ci.ub,
    adhoc_low = adhoc$ci.lb, adhoc_high = adhoc$ci.ub,
    if (length(x) > 2) c(riley_low = riley$pi.lb, riley_high = riley$pi.ub),
    default_pi_low = default$pi.lb, default_pi_high = default$pi.ub,
    setNames(weights(wald) / 100, paste0("weight.", seq_along(x)))
  )
  long(paste(case, method, sep = "/"), values, counts = paste(samples[[case]], collapse = " "))
}

rows <- lapply(names(samples), function(case) {
  do.call(rbind, lapply(c("REML", "DL", "PM"), of_sample, case = case))
})
write_reference(do.call(rbind, rows), "metafor")
