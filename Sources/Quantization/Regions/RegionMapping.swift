import ParallelWork
import Rasters
import Regions

/// An image mapped to a palette without small regions: a region of fewer pixels than
/// wanted gets the colour of the neighbour that is most responsible for it
/// (`SpeckMerger`), with the palette's colours as means and one variance.
struct RegionMapping: Sendable {
  /// The palette: the entries that are left, in the order of their use.
  let palette: Palette

  /// The entry of each pixel.
  let entries: [UInt16]

  /// The summed squared distance of all pixels from their entries in encoded
  /// samples.
  let squaredError: Double

  /// Maps an image.
  ///
  /// - Parameters:
  ///   - pixels: The image, with the channels that its histogram has.
  ///   - map: Finds the entry of each pixel.
  ///   - palette: The entries.
  ///   - space: The working space.
  ///   - least: The pixels that a region has at least.
  ///   - isKept: Whether an entry stays though no pixel has it.
  ///   - workers: The threads to use.
  /// - Complexity: O(pixels log(least)); some 20 bytes a pixel.
  init(
    _ pixels: Pixels, _ map: ColorMap, _ palette: Palette,
    in space: CompositeSpace, least: Int,
    keeping isKept: (Palette.Entry) -> Bool,
    _ workers: Workers
  ) {
    let merged = Self.merged(
      map.entries(pixels, workers: workers), pixels, palette, space, least)
    var counts = [Int](repeating: 0, count: palette.entries.count)
    for entry in merged { counts[Int(entry)] += 1 }
    let kept = palette.entries.indices.filter {
      counts[$0] > 0 || isKept(palette.entries[$0])
    }.map { old in
      (old: old, entry: palette.entries[old].used(counts[old]))
    }.sorted { $0.entry.isBefore($1.entry) }
    var places = [UInt16](repeating: 0, count: counts.count)
    for (place, element) in kept.enumerated() {
      places[element.old] = UInt16(truncatingIfNeeded: place)
    }
    self.palette = Palette(entries: kept.map(\.entry), depth: palette.depth)
    entries = merged.map { places[Int($0)] }
    squaredError = Self.squaredError(
      of: pixels, entries, self.palette, workers)
  }

  /// The entries without small regions.
  private static func merged(
    _ entries: consuming [Int32], _ pixels: Pixels, _ palette: Palette,
    _ space: CompositeSpace, _ least: Int
  ) -> [Int32] {
    let means = palette.entries.flatMap { entry in
      let point = space.point(entry.deep)
      return (0..<4).map { point[$0] }
    }
    // Nobody holds the entries any more while they are merged.
    let map = LabelMap(
      size: pixels.size, labels: consume entries,
      count: palette.entries.count)
    return SpeckMerger(
      map, means: means, dimension: 4
    ) { pixel, sums in
      let point = pixels.point(pixel, in: space)
      for d in 0..<4 { sums[d] += point[d] }
    }.merged(least: least).labels
  }

  private static func squaredError(
    of pixels: Pixels, _ entries: [UInt16], _ palette: Palette,
    _ workers: Workers
  ) -> Double {
    let space = CompositeSpace.encoded
    let colors = palette.entries.map { space.point($0.deep) }
    let width = pixels.size.width
    return workers.map(pixels.size.height) { y in
      var sum = 0.0
      for n in y * width..<(y + 1) * width {
        let difference = pixels.point(n, in: space) - colors[Int(entries[n])]
        sum += (difference * difference).sum()
      }
      return sum
    }.reduce(0, +)
  }

  /// The mapped pixels.
  func mapped(_ size: ImageSize) -> QuantizedImage.Mapped {
    guard palette.depth == .sixteen else {
      return palette.mapped(entries, size: size)
    }
    let colors = PaletteSamples<UInt16>(palette)
    let samples = [UInt16](
      unsafeUninitializedCapacity: entries.count * colors.channels.count
    ) { buffer, filled in
      filled = buffer.count
      guard let start = buffer.baseAddress else { return }
      for (pixel, entry) in entries.enumerated() {
        colors.write(Int(entry), ofPixel: pixel, to: start)
      }
    }
    return .deep(
      DeepRaster(size: size, channels: colors.channels, samples: samples))
  }
}

extension Palette.Entry {
  /// The same colour with another number of pixels.
  fileprivate func used(_ count: Int) -> Self {
    Self(
      color: color, alpha: alpha, component: component, count: count, deep: deep
    )
  }
}
