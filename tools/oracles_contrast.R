# Expected values of tests/methods/test_contrast.py, by another road than src/helpers/methods/contrast.py:
# limits from prop.test and poisson.test, ratios by solving the equation of the interval (uniroot), means by t.test.
# Rscript tools/oracles_contrast.R > tests/methods/oracles/contrast.csv
set.seed(20261128)
wilson <- function(x, n) prop.test(x, n, correct = FALSE)$conf.int[1:2]
byar <- function(x) {
  if (x < 10) return(poisson.test(x)$conf.int[1:2])
  z <- qnorm(0.975)
  c(x * (1 - 1 / (9 * x) - z / (3 * sqrt(x)))^3, (x + 1) * (1 - 1 / (9 * (x + 1)) + z / (3 * sqrt(x + 1)))^3)
}
limits <- function(kind, x, n) if (kind == "proportion") wilson(x, n) else byar(x) / n
low <- function(r, a, la, b, ub) a - r * b - sqrt((a - la)^2 + r^2 * (ub - b)^2)
high <- function(r, a, ua, b, lb) a - r * b + sqrt((ua - a)^2 + r^2 * (b - lb)^2)
cat("kind,x1,n1,x2,n2,diff_low,diff_high,ratio_low,ratio_high\n")
for (kind in c("proportion", "rate")) for (i in 1:60) {
  n1 <- sample(c(12, 60, 500, 4000), 1); n2 <- sample(c(15, 80, 700, 3000), 1)
  p <- runif(1, 0.02, 0.9)
  x1 <- max(1, rbinom(1, n1, p)); x2 <- max(1, rbinom(1, n2, min(0.97, p * runif(1, 0.7, 1.4))))
  a <- x2 / n2; b <- x1 / n1
  A <- limits(kind, x2, n2); B <- limits(kind, x1, n1)
  d <- c(low(1, a, A[1], b, B[2]), high(1, a, A[2], b, B[1]))
  r <- c(uniroot(low, c(1e-9, a / b), a, A[1], b, B[2], tol = 1e-14)$root,
         uniroot(high, c(a / b, 1e6), a, A[2], b, B[1], tol = 1e-13)$root)
  cat(kind, x1, n1, x2, n2, sprintf("%.14g", c(d, r)), sep = ",")
  cat("\n")
}
