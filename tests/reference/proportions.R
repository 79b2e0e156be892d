# Confidence intervals of proportions: binom.test() (Clopper and Pearson), prop.test()
# without (Wilson) and with its continuity correction.
source("lib/reference.R")

grid <- expand.grid(
  n = c(1, 2, 3, 5, 8, 13, 20, 34, 52, 142, 1000), share = c(0, 0.05, 0.3, 0.5, 0.92, 1),
  confidence = c(0.9, 0.95, 0.99)
)
grid$x <- round(grid$n * grid$share)
grid <- unique(grid[c("x", "n", "confidence")])

rows <- Map(function(x, n, confidence) {
  limits <- function(test, ...) suppressWarnings(test(x, n, conf.level = confidence, ...))$conf.int
  intervals <- rbind(
    clopper_pearson = limits(binom.test),
    wilson = limits(prop.test, correct = FALSE),
    wilson_corrected = limits(prop.test, correct = TRUE)
  )
  data.frame(
    method = rownames(intervals), x = x, n = n, confidence = confidence,
    low = intervals[, 1], high = intervals[, 2]
  )
}, grid$x, grid$n, grid$confidence)
write_reference(do.call(rbind, rows))
