# Correlation and regression: r and r squared of lm() with their p-values, and the p-value
# that follows from r squared and the number of points alone.
source("lib/reference.R")

samples <- list(
  cars = cars, faithful = faithful, trees = trees[c("Girth", "Volume")],
  women = women, mtcars = mtcars[c("wt", "mpg")], iris = iris[1:50, 1:2],
  weak = data.frame(x = 1:8, y = c(3, 1, 4, 1, 5, 9, 2, 6)),
  three_points = data.frame(x = c(1, 2, 4), y = c(2, 1, 5)),
  airquality = na.omit(airquality)[c("Wind", "Ozone")]
)

rows <- lapply(names(samples), function(case) {
  data <- setNames(samples[[case]], c("x", "y"))
  n <- nrow(data)
  model <- lm(y ~ x, data)
  found <- summary(model)
  test <- cor.test(data$x, data$y)
  r2 <- found$r.squared
  values <- c(
    n = n, r.squared = r2, adj.r.squared = found$adj.r.squared,
    slope = unname(coef(model)[2]), intercept = unname(coef(model)[1]),
    slope.std.error = found$coefficients[2, 2], sigma = found$sigma,
    f = unname(found$fstatistic[1]), p = found$coefficients[2, 4],
    correlation = unname(test$estimate), correlation.p = test$p.value,
    correlation.conf.low = if (n > 3) test$conf.int[1], correlation.conf.high = if (n > 3) test$conf.int[2],
    p_from_r.squared = 2 * pt(-sqrt(r2 * (n - 2) / (1 - r2)), n - 2)
  )
  long(case, values, x = series(data$x), y = series(data$y))
})
write_reference(do.call(rbind, rows))
