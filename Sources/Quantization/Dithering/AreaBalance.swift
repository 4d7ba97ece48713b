import ParallelWork

/// Keeps the mean colour of small areas where all error is passed on.
///
/// Error diffusion keeps the mean of an image, but moves error into and out of
/// every area of it; between two distant entries that may be several 8-bit
/// steps for an area of 16 × 16 pixels. Here, single pixels of such an area get
/// other entries until its mean is right: those that the blurred eye sees least
/// (``ExchangeSearch``). Only colours that a mixture of entries has are looked
/// at: others need not pay for what those cannot show.
struct AreaBalance: Sendable {
  /// The side of an area; bands hold whole rows of them.
  static let side = 16

  /// The most pixels of an area that are exchanged.
  private static let mostExchanges = 256

  /// The mean may be off by so many 8-bit steps.
  private static let tolerance: Float = 0.75

  private let limits: ErrorLimits

  /// The most that the sum of a coordinate may be off, for each pixel.
  private let most: Float

  /// Prepares to balance.
  ///
  /// - Parameters:
  ///   - limits: Those of the dithering, which say what stays plain.
  ///   - space: The working space.
  init(_ limits: ErrorLimits, in space: CompositeSpace) {
    self.limits = limits
    most = Self.tolerance * Float(space.working.step)
  }

  /// Balances the areas of a band.
  ///
  /// - Parameters:
  ///   - band: Its number.
  ///   - field: The image.
  ///   - entries: The entries that pixels may get.
  ///   - indices: The entries of the field's pixels; those of the band change.
  /// - Complexity: O(pixels), and O(entries + pixels of an area) for each
  ///   exchange.
  func balance(
    _ band: Int, of field: DitherField, with entries: DitherEntries,
    _ indices: SharedMemory<UInt16>
  ) {
    let rows = DitherBands.rows(band, field.size)
    let numbers = field.numbers(ofRows: rows)
    let width = field.size.width
    let start = indices.start + field.place(ofRow: rows.lowerBound)
    entries.withChooser { chooser in
      let errors = numbers.indices.map {
        field.points[Int(numbers[$0])] - chooser.all.points[Int(start[$0])]
      }
      var seen = SeenErrors(errors, width: width)
      for top in stride(from: 0, to: rows.count, by: Self.side) {
        for left in stride(from: 0, to: width, by: Self.side) {
          let lines = top..<min(top + Self.side, rows.count)
          let columns = left..<min(left + Self.side, width)
          let places = lines.flatMap { y in columns.map { y * width + $0 } }
          let mixed = places.filter {
            limits.isFree(Int(numbers[$0]))
              && field.classes[Int(numbers[$0])]
                != DitherColors.Class.transparent.rawValue
          }
          var missing = mixed.reduce(SIMD4<Float>.zero) { $0 + errors[$1] }
          for _ in 0..<Self.mostExchanges {
            guard isOff(missing, pixels: places.count) else { break }
            let pixels = mixed.map { place in
              let kind = field.classes[Int(numbers[place])]
              return ExchangeSearch.Pixel(
                place: place,
                kind: ExchangeSearch.Kind(
                  entry: Int(start[place]),
                  isOpaque: kind == DitherColors.Class.opaque.rawValue),
                seen: seen[place])
            }
            let found = ExchangeSearch(chooser, missing: missing, pixels)
              .exchanges()
            guard !found.isEmpty else { break }
            for exchange in found {
              start[exchange.place] = UInt16(
                truncatingIfNeeded: exchange.entry)
              missing -= exchange.change
              seen.exchange(exchange.place, exchange.change)
            }
          }
        }
      }
    }
  }

  private func isOff(_ missing: SIMD4<Float>, pixels: Int) -> Bool {
    let sizes = missing.replacing(with: -missing, where: missing .< 0)
    return sizes.max() > most * Float(pixels)
  }
}
