import ParallelWork
import Rasters
public import TruncatedEM

/// A palette, and which of its entries each distinct colour is mapped to.
public struct ColorAssignment: Sendable {
  /// The colours.
  public let palette: Palette

  /// For each colour of the histogram, in its order, the number of the entry
  /// that is nearest; of entries at the same distance the one whose `0xRRGGBB`
  /// is lowest.
  public let entries: [UInt16]

  /// The summed squared error over the three 8-bit channels of all pixels.
  public let squaredError: Int

  /// Rounds the means of a model to a palette and maps the distinct colours to
  /// it.
  ///
  /// - Parameters:
  ///   - model: Means in sRGB, coordinates 0 to 255; values outside are
  ///     clamped.
  ///   - histogram: The colours of the image.
  ///   - tree: The tree of the same colours, `histogram.points()`.
  ///   - engine: Finds the nearest means.
  /// - Throws: `QuantizationError.fit`.
  /// - Complexity: O(colours × components) distances.
  public init(
    rounding model: MixtureModel, histogram: ColorHistogram,
    tree: PointTree, engine: TruncatedEM
  ) throws(QuantizationError) {
    // Candidates are in the order of their colours, so that which of two
    // equally near ones a colour goes to depends on the palette alone.
    var componentOf: [UInt32: Int] = [:]
    for c in (0..<model.components).reversed() {
      componentOf[RGBColor(rounding: model.mean(c)).packed] = c
    }
    let merged = componentOf.sorted { $0.key < $1.key }
    let candidates = merged.map { RGBColor(packed: $0.key) }
    let components = merged.map(\.value)
    let nearest: [UInt16]
    do {
      let rounded = try MixtureModel(
        means: candidates.flatMap {
          [Double($0.red), Double($0.green), Double($0.blue)]
        }, dimension: 3)
      nearest = try engine.nearestComponents(tree, rounded)
    } catch {
      throw .fit(error)
    }

    let (counts, squaredError) = histogram.tally(
      nearest, candidates, Workers(threads: engine.options.threads))
    let order = candidates.indices.filter { counts[$0] > 0 }.sorted {
      (counts[$0], candidates[$1].packed) > (counts[$1], candidates[$0].packed)
    }
    var places = [UInt16](repeating: 0, count: candidates.count)
    for (place, candidate) in order.enumerated() {
      places[candidate] = UInt16(truncatingIfNeeded: place)
    }
    palette = Palette(
      entries: order.map {
        Palette.Entry(
          color: candidates[$0], component: components[$0], count: counts[$0])
      })
    entries = nearest.withUnsafeBufferPointer { nearest in
      places.withUnsafeBufferPointer { places in
        nearest.map { places[Int($0)] }
      }
    }
    self.squaredError = squaredError
  }
}

extension RGBColor {
  /// The 8-bit colour nearest to a point of sRGB: each coordinate clamped to 0
  /// to 255 and rounded, halves away from 0.
  fileprivate init(rounding mean: ArraySlice<Double>) {
    let samples = mean.map { UInt8(min(255, max(0, $0)).rounded()) }
    self.init(red: samples[0], green: samples[1], blue: samples[2])
  }
}
