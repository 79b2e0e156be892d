# What R gives for known patients: Rscript --vanilla recompute_survival.R PATIENTS ASKED OUTPUT
#   PATIENTS: case, group, time, event; ASKED: case, group, name, time (empty for the last one).
# OUTPUT is ASKED with one more column.  The p-value of a case compares all its groups.
if (!requireNamespace("survival", quietly = TRUE)) {
  message("no R package survival")
  quit(status = 77)
}
suppressPackageStartupMessages(library(survival))

paths <- commandArgs(trailingOnly = TRUE)
patients <- read.csv(paths[1])
asked <- read.csv(paths[2], colClasses = c(name = "character"))

recompute <- function(case, group, name, time) {
  of_case <- patients[patients$case == case, ]
  if (name == "p.value") {
    found <- survdiff(Surv(time, event) ~ group, of_case)
    return(pchisq(found$chisq, length(found$n) - 1, lower.tail = FALSE))
  }
  mine <- of_case[of_case$group == group, ]
  end <- if (is.na(time)) max(mine$time) else time
  fit <- survfit(Surv(time, event) ~ 1, mine)
  at <- summary(fit, times = end, extend = TRUE)
  table <- summary(fit, rmean = end)$table
  switch(name,
    survival = at$surv,
    survival.std.error = at$std.err,
    median = unname(table["median"]),
    area = unname(table["rmean"]),
    area_error = unname(table["se(rmean)"]),
    stop("found ", name)
  )
}

asked$value <- mapply(recompute, asked$case, asked$group, asked$name, asked$time)
asked$value <- sprintf("%.17g", asked$value)
write.csv(asked, paths[3], row.names = FALSE, quote = FALSE)
