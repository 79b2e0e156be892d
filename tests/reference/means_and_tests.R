# Means, variances and t-tests of two samples: mean(), var(), t.test() by Student, Welch and
# in pairs, and the same tests once more from number, mean and standard deviation alone.
source("lib/reference.R")

samples <- list(
  sleep = with(sleep, list(extra[group == 1], extra[group == 2])),
  tooth_growth = with(ToothGrowth, list(len[supp == "OJ"], len[supp == "VC"])),
  iris = with(iris, list(Sepal.Width[Species == "setosa"], Sepal.Width[Species == "virginica"])),
  mtcars = with(mtcars, list(mpg[am == 0], mpg[am == 1])),
  insect_sprays = with(InsectSprays, list(count[spray == "A"], count[spray == "C"])),
  two_against_two = list(c(1, 2), c(4, 9)),
  far_from_zero = list(1e6 + c(1, 2, 4, 7), 1e6 + c(2, 3, 5, 11)),
  far_apart = list(c(1, 1.25, 1.5, 1.75, 2), c(91, 92, 93.5, 97, 99)),
  unequal_spread = list(c(5, 5.5, 6, 5.25, 5.75, 5.5), c(-30, 70, 12, 3))
)

of_test <- function(name, test) {
  values <- c(test$statistic, test$parameter, test$p.value, test$conf.int)
  setNames(values, paste(name, c("t", "df", "p", "low", "high"), sep = "."))
}

from_summaries <- function(n, m, v, pooled) {
  if (pooled) {
    df <- sum(n) - 2
    error <- sqrt(sum((n - 1) * v) / df * sum(1 / n))
  } else {
    error <- sqrt(sum(v / n))
    df <- error^4 / sum((v / n)^2 / (n - 1))
  }
  t <- (m[1] - m[2]) / error
  reach <- qt(0.975, df) * error
  list(
    statistic = t, parameter = df, p.value = 2 * pt(-abs(t), df),
    conf.int = m[1] - m[2] + c(-reach, reach)
  )
}

rows <- lapply(names(samples), function(case) {
  x <- samples[[case]][[1]]
  y <- samples[[case]][[2]]
  n <- c(length(x), length(y))
  m <- c(mean(x), mean(y))
  v <- c(var(x), var(y))
  values <- c(
    mean.x = m[1], mean.y = m[2], var.x = v[1], var.y = v[2], sd.x = sd(x), sd.y = sd(y),
    of_test("student", t.test(x, y, var.equal = TRUE)),
    of_test("welch", t.test(x, y)),
    if (n[1] == n[2]) of_test("paired", t.test(x, y, paired = TRUE)),
    of_test("student_summaries", from_summaries(n, m, v, TRUE)),
    of_test("welch_summaries", from_summaries(n, m, v, FALSE)),
    one_sided_less.p = t.test(x, y, alternative = "less")$p.value
  )
  long(case, values, x = series(x), y = series(y))
})
write_reference(do.call(rbind, rows))
