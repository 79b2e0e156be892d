# How R prints numbers that are known exactly: ties, percentages of counts, means of decimals,
# large and small numbers, p-values.  `number` is what was printed, as a fraction; `step` is
# given where the last digits printed are zeros that stand for nothing.
source("lib/reference.R")

# Every number is a fraction of whole numbers, divided in floating point as software does it.
prints <- function(top, bottom, how, digits, printed, step = NA) {
  printed <- sub("[.]e", "e", trimws(printed)) # of formatC alone
  data.frame(
    number = paste0(sprintf("%.0f", top), "/", sprintf("%.0f", bottom)),
    how = how, digits = digits, printed = printed, step = step
  )
}

fixed <- function(top, bottom, digits) {
  x <- top / bottom
  rbind(
    prints(top, bottom, "sprintf", digits, sprintf("%.*f", digits, x)),
    prints(top, bottom, "round", digits, as.character(round(x, digits))),
    prints(top, bottom, "format round", digits, format(round(x, digits), nsmall = digits)),
    prints(top, bottom, "formatC", digits, formatC(x, digits = digits, format = "f")),
    prints(top, bottom, "format one", digits, vapply(x, format, "", nsmall = digits, digits = 2))
  )
}

significant <- function(top, bottom, digits) {
  x <- top / bottom
  cut <- signif(x, digits)
  rbind(
    prints(top, bottom, "format", digits, vapply(x, format, "", digits = digits)),
    prints(top, bottom, "formatC g", digits, formatC(x, digits = digits, format = "g")),
    prints(top, bottom, "formatC g#", digits, sub("[.]$", "", formatC(x, digits = digits, format = "g", flag = "#"))),
    prints(top, bottom, "toString", 15, as.character(x)),
    prints(
      top, bottom, "signif", digits, vapply(cut, format, "", scientific = FALSE, digits = 15),
      ifelse(x == 0, NA, 10^(floor(log10(abs(x))) - digits + 1))
    )
  )
}

odd <- seq(1, 79, 2)
counts <- function(n) data.frame(top = 100 * (0:n), bottom = n)
percentages <- do.call(rbind, lapply(c(8, 16, 34, 40, 142, 160), counts))
percentages <- percentages[seq(1, nrow(percentages), 3), ]

of_counts <- with(percentages, {
  n <- bottom
  k <- top / 100
  rbind(
    prints(top, n, "sprintf share", 1, sprintf("%.1f", k / n * 100)),
    prints(top, n, "sprintf whole", 0, sprintf("%.0f", 100 * k / n)),
    prints(top, n, "round share", 0, as.character(round(k / n, 2) * 100)),
    prints(top, n, "round percentage", 1, as.character(round(100 * k / n, 1)))
  )
})

# Decimals that no float is, added up: the exact mean is a tie or lies near one.
decimals <- list(
  c(15, 25, 35), c(1, 2), c(1, 2, 3, 4), c(33, 34, 34, 34), c(7, 8), c(995, 1000),
  c(5, 5, 5, 6), rep(15, 20), c(-15, -26), c(285, 286), c(1005, 1005, 1005)
)
means <- do.call(rbind, lapply(decimals, function(tenths) {
  m <- mean(tenths / 10)
  top <- sum(tenths)
  bottom <- 10 * length(tenths)
  rbind(
    prints(top, bottom, "mean, sprintf", 1, sprintf("%.1f", m)),
    prints(top, bottom, "mean, round", 1, as.character(round(m, 1))),
    prints(top, bottom, "mean, format", 2, format(m, digits = 2)),
    prints(top, bottom, "mean, round", 0, as.character(round(m)))
  )
}))

large <- c(2469, 24691, 123450, 2469135, 20000001, 199999)
p <- c(1, 4, 9, 49, 94, 95, 96, 449, 495, 500, 501, 949, 999, 4950, 9995)
p_values <- rbind(
  prints(p, 10000, "format.pval", 2, format.pval(p / 10000, digits = 2, eps = 0.001)),
  prints(p, 10000, "format.pval", 3, vapply(p / 10000, format.pval, "", digits = 3, eps = 1e-4)),
  prints(p, 1e20, "format.pval", 3, vapply(p / 1e20, format.pval, "", digits = 3)),
  prints(p, 10000, "round", 3, as.character(round(p / 10000, 3)))
)

rows <- rbind(
  fixed(odd, 20, 1), fixed(-odd[1:10], 20, 1), fixed(odd, 200, 2), fixed(odd, 2, 0),
  fixed(odd, 2000, 3), fixed(-c(1, 3, 4), 100, 1), fixed(c(285, 1005, 2675, 1115), 1000, 2),
  of_counts, means,
  significant(odd, 20, 2), significant(odd, 2000, 2), significant(large, 2, 3),
  significant(large, 2, 4), significant(c(9995, 99949, 99951, 99995), 100, 3), p_values
)
write_reference(unique(rows))
