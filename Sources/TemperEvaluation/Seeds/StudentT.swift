import Foundation

/// Student's t distribution, for degrees of freedom that need not be whole.
enum StudentT {
    /// P(|T| ≥ t) = I(ν / (ν + t²); ν/2, ½), the regularised incomplete beta function.
    ///
    /// - Parameter degreesOfFreedom: ν above 0; from 10⁷ on the normal distribution is used.
    static func twoSidedTail(_ t: Double, degreesOfFreedom: Double) -> Double {
        precondition(degreesOfFreedom > 0, "degrees of freedom are above 0")
        guard degreesOfFreedom < 1e7 else { return erfc(abs(t) / 2.0.squareRoot()) }
        let x = degreesOfFreedom / (degreesOfFreedom + t * t)
        return incompleteBeta(x, degreesOfFreedom / 2, 0.5)
    }

    /// The t that |T| exceeds with probability 0.05: the half width of a 95 % interval in standard errors.
    ///
    /// Newton's method from the Cornish–Fisher expansion (Abramowitz and Stegun 26.7.5), which lies below the root; the tail is
    /// convex there, so the steps approach from below.
    static func critical95(degreesOfFreedom: Double) -> Double {
        let z = 1.959963984540054
        let nu = degreesOfFreedom
        var t = z + (pow(z, 3) + z) / (4 * nu) + (5 * pow(z, 5) + 16 * pow(z, 3) + 3 * z) / (96 * nu * nu)
        guard nu < 1e7 else { return t }
        let logScale = logGamma((nu + 1) / 2) - logGamma(nu / 2) - 0.5 * log(nu * Double.pi)
        for _ in 0..<100 {
            let density = exp(logScale - (nu + 1) / 2 * log1p(t * t / nu))
            let step = (twoSidedTail(t, degreesOfFreedom: nu) - 0.05) / (2 * density)
            t += step
            if abs(step) < 1e-12 * t { break }
        }
        return t
    }

    /// I(x; a, b) by the continued fraction of Numerical Recipes (Press et al., section 6.4), evaluated by Lentz's method.
    private static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        guard x > 0 else { return 0 }
        guard x < 1 else { return 1 }
        let front = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x))
        // The fraction converges fast below the mean; above it the symmetry I(x; a, b) = 1 − I(1 − x; b, a) helps.
        if x < (a + 1) / (a + b + 2) { return front * betaFraction(x, a, b) / a }
        return 1 - front * betaFraction(1 - x, b, a) / b
    }

    private static func betaFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        func away(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
        var c = 1.0
        var d = 1 / away(1 - (a + b) * x / (a + 1))
        var value = d
        for index in 1...10_000 {
            let m = Double(index)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / away(1 + even * d)
            c = away(1 + even / c)
            value *= d * c
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / away(1 + odd * d)
            c = away(1 + odd / c)
            value *= d * c
            if abs(d * c - 1) < 1e-15 { break }
        }
        return value
    }

    /// log Γ(x) for x > 0: Stirling's series from 15 on, reached by the recurrence Γ(x + 1) = x Γ(x).
    static func logGamma(_ x: Double) -> Double {
        var (x, product) = (x, 1.0)
        while x < 15 {
            product *= x
            x += 1
        }
        let inverse = 1 / (x * x)
        let series = (1 / 12.0 - inverse * (1 / 360.0 - inverse * (1 / 1260.0 - inverse * (1 / 1680.0 - inverse / 1188)))) / x
        return (x - 0.5) * log(x) - x + 0.5 * log(2 * Double.pi) + series - log(product)
    }
}
