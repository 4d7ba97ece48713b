import Rasters

/// The order of a palette's entries in an image, where it is not that of their
/// use.
///
///     options.start = .palette(try FixedPalette(colors))
///     options.order.first = colors  // index = place in the list
public struct PaletteOrder: Hashable, Sendable {
  /// Colours that come first, in this order, repeated ones too, whether or not a
  /// pixel has them. One of alpha 0 is complete transparency.
  public var first: [FixedPalette.Color] = []

  /// The place of complete transparency, 0 to 255, which is then an entry
  /// whether or not a pixel has it; `nil` leaves it where it is.
  public var transparentIndex: Int?

  /// The order of use.
  public init() {}

  /// Whether entries are in the order of their use.
  public var isOfUse: Bool { first.isEmpty && transparentIndex == nil }

  /// A palette in this order.
  ///
  /// - Parameter palette: A palette.
  /// - Returns: Its entries in this order; `nil` where that is the order of use.
  /// - Throws: `QuantizationError.paletteOrder` where there are more than 256
  ///   entries.
  func layout(
    of palette: Palette
  ) throws(QuantizationError) -> PaletteLayout? {
    guard !isOfUse else { return nil }
    let layout = PaletteLayout(self, of: palette)
    let count = layout.palette.entries.count
    guard count <= PaletteSize.mostIndexed else { throw .paletteOrder(count) }
    return layout
  }
}

/// A palette in another order.
struct PaletteLayout: Sendable {
  /// The palette.
  let palette: Palette

  /// The place there of each entry of the palette that it was made of.
  let places: [UInt8]

  /// Orders a palette.
  ///
  /// - Parameters:
  ///   - order: The order.
  ///   - given: The palette.
  /// - Complexity: O(entries).
  init(_ order: PaletteOrder, of given: Palette) {
    var old: [UInt64: Int] = [:]
    for (n, entry) in given.entries.enumerated() {
      old[Self.key(entry.color, entry.alpha)] = n
    }
    var entries: [(entry: Palette.Entry, old: Int?)] = order.first.map {
      color in
      let n = old.removeValue(forKey: Self.key(color.color, color.alpha))
      return (
        Palette.Entry(
          color: color.alpha > 0 ? color.color : RGBColor(packed: 0),
          alpha: color.alpha,
          component: n.flatMap { given.entries[$0].component },
          count: n.map { given.entries[$0].count } ?? 0), n
      )
    }
    for n in old.values.sorted() { entries.append((given.entries[n], n)) }
    if let index = order.transparentIndex {
      Self.place(index, in: &entries)
    }
    palette = Palette(entries: entries.map(\.entry))
    var places = [UInt8](repeating: 0, count: given.entries.count)
    for (place, element) in entries.enumerated() {
      if let n = element.old { places[n] = UInt8(truncatingIfNeeded: place) }
    }
    self.places = places
  }

  private static func key(_ color: RGBColor, _ alpha: UInt8) -> UInt64 {
    alpha > 0 ? UInt64(color.packed) << 8 | UInt64(alpha) : 0
  }

  /// Moves complete transparency to a place, behind unused entries where there
  /// are too few others.
  private static func place(
    _ index: Int, in entries: inout [(entry: Palette.Entry, old: Int?)]
  ) {
    func unused(alpha: UInt8) -> (entry: Palette.Entry, old: Int?) {
      (
        Palette.Entry(
          color: RGBColor(packed: 0), alpha: alpha, component: nil, count: 0),
        nil
      )
    }
    let found =
      entries.firstIndex { $0.entry.alpha == 0 && $0.old != nil }
      ?? entries.firstIndex { $0.entry.alpha == 0 }
    let moved = found.map { entries.remove(at: $0) } ?? unused(alpha: 0)
    while entries.count < index { entries.append(unused(alpha: 255)) }
    entries.insert(moved, at: index)
  }
}

extension QuantizedImage.Mapped {
  /// The pixels with the entries of a palette in another order.
  ///
  /// - Complexity: O(pixels) of an indexed image.
  func ordered(by layout: PaletteLayout) -> Self {
    guard case .indexed(let image) = self else { return self }
    let palette = layout.palette
    return .indexed(
      IndexedImage(
        size: image.size, palette: palette.colors, alphas: palette.alphas,
        indices: image.indices.map { layout.places[Int($0)] }))
  }
}
