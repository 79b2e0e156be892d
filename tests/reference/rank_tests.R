# p-values and estimates of rank tests in base R: wilcox.test with and without ties, correction
# and sides, pwilcox, psignrank, kruskal.test, and Hodges-Lehmann estimates with their limits.
source("lib/reference.R")

two_sample <- list(
  separate = list(x = c(1, 2, 3), y = c(4, 5, 6, 7)),
  overlapping = list(x = c(1.1, 2.2, 5.3, 7.4, 9.5), y = c(0.6, 3.7, 4.8, 6.9, 8.1, 10.2, 11.3)),
  tied = list(x = c(1, 2, 2, 3, 5), y = c(2, 3, 4, 4, 6, 7)),
  visits = list(x = c(3, 3, 6, 6, 6, 12, 12, 24), y = c(3, 6, 12, 12, 12, 24, 24, 24, 36)),
  nearly_equal = list(x = c(1, 4, 5), y = c(2, 3, 6)),
  granular = list(
    x = c(13, 6, 12, 7, 12, 7, 10, 7, 10, 7, 16, 7, 10, 8, 9, 8),
    y = c(17, 6, 10, 8, 15, 8, 15, 10, 15, 10, 14, 10, 14, 11, 14, 11, 13, 12, 13, 12, 13, 12, 12)
  )
)
of_two_samples <- function(case) {
  x <- two_sample[[case]]$x
  y <- two_sample[[case]]$y
  test <- function(...) suppressWarnings(wilcox.test(x, y, ...))
  values <- list(u = unname(test(exact = FALSE)$statistic))
  for (side in c("two.sided", "less", "greater")) {
    for (correct in c(TRUE, FALSE)) {
      name <- paste(if (correct) "corrected" else "normal", side, sep = "_")
      values[[name]] <- test(exact = FALSE, correct = correct, alternative = side)$p.value
    }
    if (!anyDuplicated(c(x, y))) {
      values[[paste0("exact_", side)]] <- test(exact = TRUE, alternative = side)$p.value
    }
  }
  if (!anyDuplicated(c(x, y))) {
    fit <- test(exact = TRUE, conf.int = TRUE)
    values$estimate <- unname(fit$estimate)
    values$lower <- fit$conf.int[1]
    values$upper <- fit$conf.int[2]
  }
  data <- paste(paste(x, collapse = " "), paste(y, collapse = " "), sep = "; ")
  long(paste0("two_samples/", case), values, data = data)
}

tails <- function() {
  at <- rbind(c(10, 12, 30), c(15, 19, 60), c(30, 30, 250), c(50, 40, 700), c(2, 60, 3))
  values <- pwilcox(at[, 3], at[, 1], at[, 2])
  names(values) <- paste(at[, 1], at[, 2], at[, 3])
  signed <- rbind(c(6, 2), c(15, 20), c(40, 200), c(100, 1500))
  more <- psignrank(signed[, 2], signed[, 1])
  names(more) <- paste(signed[, 1], signed[, 2])
  rbind(long("pwilcox", as.list(values)), long("psignrank", as.list(more)))
}

differences <- list(
  distinct = c(1.5, -2.5, 3.5, 4.5, -0.5, 6.5, 7.5, 8.5),
  tied = c(1, 1, -2, 3, 3, -3, 4, 5),
  zeros = c(0, 0, 1, -1, 2, 2, 5, 7, -3)
)
of_differences <- function(case) {
  d <- differences[[case]]
  test <- function(...) suppressWarnings(wilcox.test(d, ...))
  values <- list(w = unname(test(exact = FALSE)$statistic))
  for (side in c("two.sided", "less", "greater")) {
    for (correct in c(TRUE, FALSE)) {
      name <- paste(if (correct) "corrected" else "normal", side, sep = "_")
      values[[name]] <- test(exact = FALSE, correct = correct, alternative = side)$p.value
    }
    if (!anyDuplicated(abs(d)) && all(d != 0)) {
      values[[paste0("exact_", side)]] <- test(exact = TRUE, alternative = side)$p.value
    }
  }
  if (!anyDuplicated(abs(d)) && all(d != 0)) {
    fit <- test(exact = TRUE, conf.int = TRUE)
    values$estimate <- unname(fit$estimate)
    values$lower <- fit$conf.int[1]
    values$upper <- fit$conf.int[2]
  }
  long(paste0("differences/", case), values, data = paste(d, collapse = " "))
}

several <- list(
  distinct = list(c(1, 5, 9), c(2, 6, 10, 11), c(3, 4, 7, 8, 12)),
  tied = list(c(1, 2, 2, 3), c(2, 4, 4, 5, 6), c(3, 6, 6, 7, 8)),
  four = list(c(1, 2, 3), c(2, 5, 6), c(4, 4, 8, 9), c(7, 10, 10))
)
of_several <- function(case) {
  samples <- several[[case]]
  fit <- kruskal.test(samples)
  data <- paste(vapply(samples, paste, "", collapse = " "), collapse = "; ")
  values <- list(h = unname(fit$statistic), p = fit$p.value)
  long(paste0("several/", case), values, data = data)
}

write_reference(rbind(
  do.call(rbind, lapply(names(two_sample), of_two_samples)),
  tails(),
  do.call(rbind, lapply(names(differences), of_differences)),
  do.call(rbind, lapply(names(several), of_several))
))
