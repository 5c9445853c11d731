# Expected values of tests/methods/test_controlled.py, test_shrinkage.py, test_spatial.py and of the trend of published values,
# by other roads than src/helpers/methods: models with one term per period, Welch's test, optim on the plain likelihood, qr.
# Rscript tools/oracles_controlled.R > tests/methods/oracles/controlled.csv
row <- function(case, name, v) cat(paste(c(case, name, sprintf("%.14g", v)), collapse = ","), "\n", sep = "")
cat("case,name,value,lower,upper,p_value\n")
mover <- function(kind, a, b) { # difference b - a with Newcombe's limits
  ci <- function(x) if (kind == "proportion") prop.test(x[1], x[2], correct = FALSE)$conf.int[1:2] else {
    z <- qnorm(0.975); n <- x[1]
    c(n * (1 - 1 / (9 * n) - z / (3 * sqrt(n)))^3, (n + 1) * (1 - 1 / (9 * (n + 1)) + z / (3 * sqrt(n + 1)))^3) / x[2] }
  A <- ci(a); B <- ci(b); pa <- a[1] / a[2]; pb <- b[1] / b[2]; d <- pb - pa
  c(d, d - sqrt((pb - B[1])^2 + (A[2] - pa)^2), d + sqrt((B[2] - pb)^2 + (pa - A[1])^2)) }
for (kind in c("proportion", "rate")) {
  t <- mover(kind, c(300, 1000), c(380, 1010)); c0 <- mover(kind, c(2900, 10000), c(3000, 10200)); d <- t[1] - c0[1]
  row(paste0("did-", kind), "effect", c(d, d - sqrt((t[1] - t[2])^2 + (c0[3] - c0[1])^2), d + sqrt((t[3] - t[1])^2 + (c0[1] - c0[2])^2), NA)) }
y <- c(102, 97, 110, 105, 99, 108, 130, 128, 141, 137, 133, 145); x <- c(410, 395, 433, 420, 402, 429, 415, 408, 437, 424, 411, 440)
n <- 5000 + 20 * (1:12); m <- 20000 + 50 * (1:12); T <- 12; t <- 0:11; a <- as.numeric(t >= 6); past <- ifelse(a == 1, t - 6, 0)
d <- data.frame(y = c(y, x), n = c(n, m), g = rep(1:0, each = T), p = factor(rep(t, 2)), t = rep(t, 2), a = rep(a, 2), past = rep(past, 2))
f <- glm(y ~ p + g + g:t + g:a + g:past + offset(log(n)), quasipoisson, d, control = glm.control(epsilon = 1e-13, maxit = 200))
s <- summary(f); q <- qt(0.975, f$df.residual)
for (k in c("g:t", "g:a", "g:past")) { b <- s$coefficients[k, ]; row("counts", k, c(exp(b[1]), exp(b[1] - q * b[2]), exp(b[1] + q * b[2]), b[4])) }
# The same with measures: one term per period makes the difference of the two series.
f <- lm(y ~ p + g + g:t + g:a + g:past, d); s <- summary(f); q <- qt(0.975, f$df.residual)
for (k in c("g:t", "g:a", "g:past")) { b <- s$coefficients[k, ]; row("gaussian", k, c(b[1], b[1] - q * b[2], b[1] + q * b[2], b[4])) }
# Event study of one start: Welch's error on the moves since the period before, Student on the fewer side less one.
panel <- outer(1:12, 0:5, function(i, p) 50 + 3 * sin(7 * i) + p + 2 * cos(5 * i * (p + 1)) + ifelse(i <= 5 & p >= 3, 4, 0))
for (e in c(-3, -2, 0, 1, 2)) { mv <- panel[, 3 + e + 1] - panel[, 3]; w <- t.test(mv[1:5], mv[6:12]); v <- w$estimate[1] - w$estimate[2]
  h <- qt(0.975, 4) * w$stderr; row("event", e, c(v, v - h, v + h, 2 * pt(-abs(v) / w$stderr, 4))) }
# Two starts: weights by number of territories, controls not yet started at either date.
start <- c(3, 3, 3, 4, 4, rep(NA, 7))
panel2 <- outer(1:12, 0:5, function(i, p) 50 + 3 * sin(7 * i) + p + 2 * cos(5 * i * (p + 1)))
att <- function(g, e) { free <- is.na(start) | start > max(g + e, g - 1); mine <- !is.na(start) & start == g; free <- free & !mine
  mv <- panel2[, g + e + 1] - panel2[, g]; c(sum(mine), mean(mv[mine]) - mean(mv[free])) }
for (e in c(-2, 0, 1)) { r <- cbind(att(3, e), att(4, e)); row("staggered", e, c(sum(r[1, ] * r[2, ]) / sum(r[1, ]), NA, NA, NA)) }
v <- c(1076.1, 1007.6, 1028.0, 977.5, 952.1, 978.9, 944.7); w <- c(22, 25, 20, 24, 26, 21, 23); se <- w / qnorm(0.975)
f <- lm(v ~ I(2010:2016), weights = 1 / se^2); s <- summary(f); e <- s$coefficients[2, 2] * max(1, 1 / s$sigma); q <- qt(0.975, 5)
row("published", "limits", c(coef(f)[2], coef(f)[2] - q * e, coef(f)[2] + q * e, 2 * pt(-abs(coef(f)[2]) / e, 5)))
f <- lm(v ~ I(2010:2016)); b <- summary(f)$coefficients[2, ]
row("published", "none", c(b[1], b[1] - q * b[2], b[1] + q * b[2], b[4]))
# Empirical Bayes: marginal likelihoods written out, fitted by BFGS on other parameters.
k <- c(3, 12, 7, 30, 1, 18, 9, 44, 5, 2, 25, 14); N <- c(40, 90, 60, 160, 30, 100, 150, 300, 20, 35, 120, 200)
ll <- function(z) { a <- exp(z[1]); b <- exp(z[2]); -sum(lbeta(a + k, b + N - k) - lbeta(a, b)) }
o <- optim(c(1, 2), ll, method = "BFGS", control = list(reltol = 1e-16, maxit = 1000)); o <- nlm(ll, o$par, gradtol = 1e-10, steptol = 1e-12, iterlim = 500)
a <- exp(o$estimate[1]); b <- exp(o$estimate[2])
for (i in c(1, 8, 9)) row("beta", i, c((a + k[i]) / (a + b + N[i]), qbeta(c(0.025, 0.975), a + k[i], b + N[i] - k[i]), NA))
ll <- function(z) { a <- exp(z[1]); b <- exp(z[2]); -sum(dnbinom(k, a, b / (b + N), log = TRUE)) }
o <- optim(c(1, 2), ll, method = "BFGS", control = list(reltol = 1e-16, maxit = 1000)); o <- nlm(ll, o$par, gradtol = 1e-10, steptol = 1e-12, iterlim = 500)
a <- exp(o$estimate[1]); b <- exp(o$estimate[2])
for (i in c(1, 8, 9)) row("gamma", i, c((a + k[i]) / (b + N[i]), qgamma(c(0.025, 0.975), a + k[i], b + N[i]), NA))
# Moran on a grid of 5 by 6, by S1 and S2 (constant only) and by the residual maker of qr (with a slope).
g <- expand.grid(r = 1:5, c = 1:6); W <- 1 * (as.matrix(dist(g, "manhattan")) == 1); W <- W / rowSums(W)
z <- sin(g$r) + g$c / 4 + cos(9 * g$r * g$c); n <- 30; u <- z - mean(z); I <- sum(W * outer(u, u)) / sum(u^2)
S1 <- sum((W + t(W))^2) / 2; S2 <- sum((rowSums(W) + colSums(W))^2); v <- (n^2 * S1 - n * S2 + 3 * n^2) / ((n^2 - 1) * n^2) - 1 / (n - 1)^2
row("moran", "constant", c(I, -1 / (n - 1), sqrt(v), 2 * pnorm(-abs(I + 1 / (n - 1)) / sqrt(v))))
f <- lm(z ~ g$c); u <- resid(f); X <- model.matrix(f); H <- qr.Q(qr(X)); M <- diag(n) - H %*% t(H); I <- sum(W * outer(u, u)) / sum(u^2)
E <- sum(diag(M %*% W)) / (n - 2); v <- (sum(diag(M %*% W %*% M %*% t(W))) + sum(diag(M %*% W %*% M %*% W)) + sum(diag(M %*% W))^2) / ((n - 2) * n) - E^2
row("moran", "slope", c(I, E, sqrt(v), 2 * pnorm(-abs(I - E) / sqrt(v))))
# Concentration of a coverage: covariance with the rank over persons, individuals written out, floor 10 and ceiling 90.
h <- c(35, 50, 62, 71, 80); w <- c(3, 5, 4, 6, 2); hi <- rep(h, w); R <- (cumsum(w) - w / 2) / sum(w); ri <- rep(R, w); nn <- length(hi)
cv <- sum((hi - mean(hi)) * (ri - mean(ri))) / nn; row("bounded", "Erreygers", c(8 * cv / 80, NA, NA, NA))
row("bounded", "Wagstaff", c(2 * cv * 80 / ((mean(hi) - 10) * (90 - mean(hi))), NA, NA, NA))
zs <- c(-6, 5, 4.2, -3, 2.5, 1, 0.5, -0.2, -4, 3, 2, -1); qz <- quantile(zs, c(0.1, 0.9)); row("winsor", "phi", c(mean(pmin(pmax(zs, qz[1]), qz[2])^2), NA, NA, NA))
