# Expected values of tests/methods/test_agreement.py, by another road than src/helpers/methods/agreement.py:
# variance of weighted kappa by numerical differentiation, mean squares by aov, one factor by factanal.
# Rscript tools/oracles_agreement.R > tests/methods/oracles/agreement.csv
kappa_w <- function(p, w) { e <- outer(rowSums(p), colSums(p)); 1 - sum(w * p) / sum(w * e) }
cat("case,measure,value,lower,upper\n")
row <- function(case, measure, v) cat(paste(c(case, measure, sprintf("%.12g", v)), collapse = ","), "\n", sep = "")
square <- matrix(c(11, 4, 1, 0, 3, 9, 5, 1, 1, 4, 12, 3, 0, 2, 2, 8), 4, byrow = TRUE)
n <- sum(square); p <- square / n
for (power in 1:2) {
  w <- abs(outer(1:4, 1:4, "-"))^power; k <- kappa_w(p, w)
  h <- 1e-5
  g <- matrix(0, 4, 4)
  # kappa of unnormalised cells is homogeneous only if they are divided by their sum
  f <- function(q) kappa_w(q / sum(q), w)
  for (i in 1:4) for (j in 1:4) { a <- p; b <- p; a[i, j] <- a[i, j] + h; b[i, j] <- b[i, j] - h; g[i, j] <- (f(a) - f(b)) / (2 * h) }
  v <- (sum(p * g^2) - sum(p * g)^2) / n; z <- qnorm(0.975) * sqrt(v)
  row("square", c("linéaires", "quadratiques")[power], c(k, k - z, k + z))
}
ratings <- matrix(c(9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8, 7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7), 6, byrow = TRUE) # Shrout and Fleiss 1979
d <- data.frame(y = c(ratings), unit = factor(rep(1:6, 4)), rater = factor(rep(1:4, each = 6)))
m <- summary(aov(y ~ unit + rater, d))[[1]][["Mean Sq"]]; n <- 6; k <- 4
icc <- (m[1] - m[3]) / (m[1] + (k - 1) * m[3] + k / n * (m[2] - m[3]))
a <- k * icc / (n * (1 - icc)); b <- 1 + k * icc * (n - 1) / (n * (1 - icc))
df <- (a * m[2] + b * m[3])^2 / ((a * m[2])^2 / (k - 1) + (b * m[3])^2 / ((n - 1) * (k - 1)))
fl <- qf(0.975, n - 1, df); fu <- qf(0.975, df, n - 1)
row("shrout", "icc", c(icc, n * (m[1] - fl * m[3]) / (fl * (k * m[2] + (k * n - k - n) * m[3]) + n * m[1]),
  n * (fu * m[1] - m[3]) / (k * m[2] + (k * n - k - n) * m[3] + n * fu * m[1])))
x <- as.matrix(attitude)  # 30 departments, 7 ratings: Chatterjee and Price 1977, shipped with R
k <- ncol(x); n <- nrow(x); s <- var(x)
alpha <- k / (k - 1) * (1 - sum(diag(s)) / sum(s))
row("attitude", "alpha", c(alpha, 1 - (1 - alpha) * qf(c(0.975, 0.025), n - 1, (n - 1) * (k - 1))))
y <- x[, 1:6]
f <- factanal(y, 1, control = list(opt = list(factr = 10, pgtol = 0)))
l <- c(f$loadings) * sqrt(diag(var(y))); u <- f$uniquenesses * diag(var(y))
row("attitude", "omega", c(sum(l)^2 / (sum(l)^2 + sum(u)), NA, NA))
