# Logarithms of upper tails: pchisq() from near zero to where the tail is no number any
# more, and two tails of pnorm() at z, which are the chi-squared tail at z^2.
source("lib/reference.R")

statistics <- c(
  1e-12, 1e-6, 0.001, 0.0625, 0.25, 0.5, 1, 2, 3.84375, 5, 7.5, 10, 16.5, 30, 60, 100,
  150, 250, 500, 1000, 2000
)
freedom <- c(1, 2, 3, 4, 5, 7, 10, 15, 30, 61, 100)
chi <- expand.grid(statistic = statistics, df = freedom)
chi$log_p <- pchisq(chi$statistic, chi$df, lower.tail = FALSE, log.p = TRUE)
z <- c(0.0078125, 0.5, 1, 1.5, 1.9375, 2.5, 3, 4, 5.25, 8, 12, 20, 38)
normal <- data.frame(statistic = z, df = NA, log_p = log(2) + pnorm(-z, log.p = TRUE))
rows <- rbind(cbind(tail = "chi_squared", chi), cbind(tail = "normal", normal))
write_reference(rows)
