# Expected values of tests/methods/test_rules.py, by other roads than src/helpers/methods: prop.trend.test, lm with weights from
# poisson.test, t.test, a first-order process drawn out as a covariance matrix, funnels and regression to the mean written out.
# Rscript tools/oracles_rules.R > tests/methods/oracles/rules.csv
row <- function(case, ...) cat(paste(c(case, sprintf("%.14g", c(...))), collapse = ","), "\n", sep = "")
cat("case,value,lower,upper,p_value\n")
k <- c(120, 131, 150, 172, 190); n <- c(400, 410, 395, 420, 405); t <- 0:4; z <- qnorm(0.999)
p <- prop.trend.test(k, n); b <- coef(lm(I(k / n) ~ t, weights = n))[2]; e <- abs(b) / sqrt(p$statistic)
row("recent proportion", 100 * b, 100 * (b - z * e), 100 * (b + z * e), p$p.value)
k <- c(8, 6, 30, 25, 41); n <- c(1000, 1100, 1050, 1020, 1010)
byar <- function(x, z) c(x * (1 - 1 / (9 * x) - z / (3 * sqrt(x)))^3, (x + 1) * (1 - 1 / (9 * (x + 1)) + z / (3 * sqrt(x + 1)))^3)
se <- sapply(seq_along(k), function(i) diff(if (k[i] < 10) poisson.test(k[i])$conf.int[1:2] else byar(k[i], qnorm(0.975))) / n[i] / (2 * qnorm(0.975)))
f <- summary(lm(I(k / n) ~ t, weights = 1 / se^2)); b <- f$coefficients[2, 1]; e <- f$coefficients[2, 2] / f$sigma
row("recent rate", 1e5 * b, 1e5 * (b - z * e), 1e5 * (b + z * e), pchisq((b / e)^2, 1, lower.tail = FALSE))
a <- c(42, 51, 38, 60, 47, 55); d <- c(35, 44, 31, 52, 40, 43, 39); w <- t.test(d, a)
row("means", mean(d) - mean(a), w$conf.int[1:2], w$p.value)
# Funnel of twelve proportions around 50 %: winsorised z-scores (tenth on each side, quantiles of type 7), limits times their root.
k <- c(310, 150, 480, 90, 260, 61, 700, 205, 330, 45, 120, 500); n <- c(500, 400, 900, 200, 500, 100, 1500, 400, 600, 120, 210, 1000)
s <- (k / n - 0.5) / sqrt(0.25 / n); q <- quantile(s, c(0.1, 0.9)); phi <- mean(pmin(pmax(s, q[1]), q[2])^2)
row("funnel", sqrt(phi), 100 * (0.5 - sqrt(phi) * qnorm(0.999) * sqrt(0.25 / n[1])), 100 * (0.5 + sqrt(phi) * qnorm(0.999) * sqrt(0.25 / n[1])), mean(s^2))
# Worst quarter of twelve at two dates: mean move of all, less what a slope of the correlation takes from their distance to the mean.
x <- c(12, 35, 28, 44, 19, 51, 33, 40, 25, 60, 22, 47); y <- c(30, 41, 26, 55, 38, 50, 49, 47, 39, 66, 29, 61); o <- order(x)[1:3]
r <- coef(lm(scale(y) ~ scale(x)))[2]
row("coming back", mean((y - x)[o]), mean(y - x) - (1 - r) * (mean(x[o]) - mean(x)), r, NA)
# Slope of ten points under a first-order process: covariance built power by power, residual variance by the trace.
y <- c(3.1, 3.6, 3.2, 4.4, 4.9, 4.1, 5.2, 5.8, 5.1, 6.4); t <- 0:9; X <- cbind(1, t); f <- lm(y ~ t); u <- resid(f)
M <- diag(10) - X %*% solve(crossprod(X), t(X)); bias <- sum(M[cbind(1:9, 2:10)]) / sum(diag(M))
rho <- min(max(sum(u[-1] * u[-10]) / sum(u^2) - bias + 1.5 / sqrt(10), 0), 0.95); V <- rho^abs(outer(0:9, 0:9, "-"))
A <- solve(crossprod(X)); wide <- (A %*% t(X) %*% V %*% X %*% A)[2, 2] / A[2, 2] / (sum(diag(M %*% V)) / 8)
row("widening", sqrt(max(wide, 1)), rho, NA, NA)
l <- lm(log(y) ~ t); u <- resid(l); rho <- min(max(sum(u[-1] * u[-10]) / sum(u^2) - bias + 1.5 / sqrt(10), 0), 0.95); V <- rho^abs(outer(0:9, 0:9, "-"))
wide <- sqrt(max((A %*% t(X) %*% V %*% X %*% A)[2, 2] / A[2, 2] / (sum(diag(M %*% V)) / 8), 1)); s <- summary(l)$coefficients[2, ]; e <- s[2] * wide
row("average change", 100 * expm1(c(s[1], s[1] - qt(0.975, 8) * e, s[1] + qt(0.975, 8) * e)), 2 * pt(-abs(s[1]) / e, 8))
