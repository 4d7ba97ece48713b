/// How far the colours of a pixel of two images are from each other.
struct ColorErrors {
  /// The squared error, summed over red, green and blue of 0 to 255.
  var squared = 0.0

  /// ΔE₀₀.
  var difference = 0.0

  /// The squared distance in Oklab.
  var oklab = 0.0

  /// Adds the errors of two colours on a background.
  mutating func add(_ first: SeenColor, _ second: SeenColor) {
    let samples = first.samples - second.samples
    squared += (samples * samples).sum()
    difference += first.lab.difference(to: second.lab)
    let shift = first.oklab - second.oklab
    oklab += (shift * shift).sum()
  }

  /// Adds the errors of another pixel.
  static func += (sum: inout Self, errors: Self) {
    sum.squared += errors.squared
    sum.difference += errors.difference
    sum.oklab += errors.oklab
  }

  /// The average of so many that were added.
  static func / (sum: Self, count: Double) -> Self {
    ColorErrors(
      squared: sum.squared / count, difference: sum.difference / count,
      oklab: sum.oklab / count)
  }
}
