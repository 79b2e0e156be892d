# Exact p-values of rank tests given the ties: exactRankTests (shift algorithm; zeros left out)
# and coin (also Pratt's zeros).
source("lib/reference.R")
needs("exactRankTests")
needs("coin")
suppressWarnings(suppressPackageStartupMessages(library(exactRankTests)))
suppressPackageStartupMessages(library(coin))

two_sample <- list(
  tied = list(x = c(1, 2, 2, 3, 5), y = c(2, 3, 4, 4, 6, 7)),
  visits = list(x = c(3, 3, 6, 6, 6, 12, 12, 24), y = c(3, 6, 12, 12, 12, 24, 24, 24, 36)),
  granular = list(
    x = c(13, 6, 12, 7, 12, 7, 10, 7, 10, 7, 16, 7, 10, 8, 9, 8),
    y = c(17, 6, 10, 8, 15, 8, 15, 10, 15, 10, 14, 10, 14, 11, 14, 11, 13, 12, 13, 12, 13, 12, 12)
  ),
  long = list(x = rep(c(1, 2, 4, 5, 9), c(6, 8, 4, 8, 4)), y = rep(c(2, 3, 5, 9, 10), c(5, 5, 9, 8, 8)))
)
of_two_samples <- function(case) {
  x <- two_sample[[case]]$x
  y <- two_sample[[case]]$y
  group <- factor(rep(c("x", "y"), c(length(x), length(y))))
  fit <- function(side) {
    wilcox_test(c(x, y) ~ group, distribution = "exact", alternative = side)
  }
  values <- list()
  for (side in c("two.sided", "less", "greater")) {
    values[[paste0("exactRankTests_", side)]] <-
      wilcox.exact(x, y, exact = TRUE, alternative = side)$p.value
    values[[paste0("coin_", side)]] <- as.numeric(pvalue(fit(side)))
  }
  values$mid <- as.numeric(midpvalue(fit("less")))
  data <- paste(paste(x, collapse = " "), paste(y, collapse = " "), sep = "; ")
  long(paste0("two_samples/", case), values, data = data)
}

differences <- list(
  tied = c(1, 1, -2, 3, 3, -3, 4, 5),
  zeros = c(0, 0, 1, -1, 2, 2, 5, 7, -3)
)
of_differences <- function(case) {
  d <- differences[[case]]
  zero <- rep(0, length(d))
  values <- list()
  for (side in c("two.sided", "less", "greater")) {
    values[[paste0("exactRankTests_", side)]] <- suppressWarnings(
      wilcox.exact(d, exact = TRUE, alternative = side)$p.value
    )
    for (zeros in c("Wilcoxon", "Pratt")) {
      for (kind in c("exact", "asymptotic")) {
        fit <- wilcoxsign_test(
          d ~ zero,
          distribution = kind, zero.method = zeros, alternative = side
        )
        values[[paste("coin", zeros, kind, side, sep = "_")]] <- as.numeric(pvalue(fit))
      }
    }
  }
  long(paste0("differences/", case), values, data = paste(d, collapse = " "))
}

write_reference(rbind(
  do.call(rbind, lapply(names(two_sample), of_two_samples)),
  do.call(rbind, lapply(names(differences), of_differences))
), c("exactRankTests", "coin"))
