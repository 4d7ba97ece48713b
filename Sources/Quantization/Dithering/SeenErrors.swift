/// The errors of a band's pixels as the blurred eye sees them, h∗e with
/// h = g + λδ (see ``DirectSearch``), kept up to date while single pixels get
/// other entries.
struct SeenErrors {
  private static let blur = EyeBlur()

  /// Pixels of a row with room on both sides, so that an exchange need not mind
  /// borders.
  private let stride: Int

  private let width: Int

  /// h∗e, with room above and below.
  private var fields: [SIMD4<Float>]

  /// Blurs errors.
  ///
  /// - Parameters:
  ///   - errors: Row by row.
  ///   - width: Pixels in a row.
  /// - Complexity: O(18 pixels).
  init(_ errors: [SIMD4<Float>], width: Int) {
    let radius = EyeBlur.radius
    let height = errors.count / width
    let seen = Self.blur.blurred(errors, width: width)
    self.width = width
    stride = width + 2 * radius
    fields = [SIMD4<Float>](
      repeating: .zero, count: (height + 2 * radius) * stride)
    for place in errors.indices {
      fields[index(place)] =
        seen[place] + errors[place] * DirectSearch.roughness
    }
  }

  @inline(__always)
  private func index(_ place: Int) -> Int {
    let radius = EyeBlur.radius
    return (place / width + radius) * stride + place % width + radius
  }

  /// What is seen at a pixel.
  subscript(place: Int) -> SIMD4<Float> { fields[index(place)] }

  /// By how much |e|² in the sense of h grows when an entry is exchanged.
  ///
  /// - Parameters:
  ///   - change: The new entry minus the old one.
  ///   - seen: What is seen at the pixel.
  /// - Returns: The growth, negative where less error is seen.
  static func cost(of change: SIMD4<Float>, _ seen: SIMD4<Float>) -> Float {
    let peak = Float(blur.peak) + DirectSearch.roughness
    return (change * (change * peak - 2 * seen)).sum()
  }

  /// Exchanges the entry of a pixel.
  ///
  /// - Parameters:
  ///   - place: Its place.
  ///   - change: The new entry minus the old one.
  /// - Complexity: O(81).
  mutating func exchange(_ place: Int, _ change: SIMD4<Float>) {
    let radius = EyeBlur.radius
    let g = Self.blur.correlation
    let centre = index(place)
    for dy in -radius...radius {
      for dx in -radius...radius {
        fields[centre + dy * stride + dx] -=
          change * (g[dy + radius] * g[dx + radius])
      }
    }
    fields[centre] -= change * DirectSearch.roughness
  }
}
