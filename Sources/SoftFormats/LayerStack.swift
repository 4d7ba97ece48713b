import Segmentation

/// Turns shares that add up into alphas of layers that lie over each other, the
/// component with the lowest number on top.
struct LayerStack {
  /// The alpha of each component's colour, 0 to 1.
  let opacities: [Double]

  /// The sample that stands for 1.
  let most: Double

  /// The shares of the pixel at hand, by component.
  private var shares: [(component: UInt16, share: Double)] = []

  /// Prepares to turn shares into alphas.
  init(opacities: [Double], most: Double) {
    self.opacities = opacities
    self.most = most
  }

  /// The alpha of a component's layer at a pixel.
  ///
  /// - Parameters:
  ///   - component: The component.
  ///   - pixel: A pixel of the strip.
  ///   - strip: The strip.
  /// - Returns: A sample, 0 to `most`.
  mutating func alpha(
    of component: Int, _ pixel: Int, _ strip: ResponsibilityStrip
  ) -> Int {
    let component = UInt16(truncatingIfNeeded: component)
    shares.removeAll(keepingCapacity: true)
    var isPresent = false
    var total = 0.0
    for entry in strip.entries(of: pixel) {
      let number = strip.components[entry]
      let share =
        Double(strip.responsibilities[entry]) * opacities[Int(number)]
      total += share
      guard share > 0 else { continue }
      isPresent = isPresent || number == component
      shares.append((number, share))
    }
    guard isPresent else { return 0 }
    shares.sort { $0.component < $1.component }
    let isOpaque = total > 1 - 1e-5
    var through = 1.0
    for (i, entry) in shares.enumerated() {
      // Below the last layer of an opaque pixel nothing shines through.
      let isLast = isOpaque && i == shares.count - 1
      let alpha =
        isLast
        ? most
        : through > 0
          ? min(most, (most * entry.share / through).rounded()) : 0
      if entry.component == component { return Int(alpha) }
      through *= 1 - alpha / most
    }
    return 0
  }
}
