import ParallelWork
import Quantization
import Rasters
import TruncatedEM

/// The truncated posterior of the distinct colours of an image or a part of it,
/// and the way from pixels to it.
struct ColorPosterior: Sendable {
  private let ranks: ColorRanks
  private let histogram: ColorHistogram
  private let posterior: Posterior?

  /// The number of the first colour that the posterior has.
  private let first: Int

  /// The components of fully transparent pixels: their own, and others that
  /// have no share.
  private let transparent: [UInt16]

  /// Computes the posterior.
  ///
  /// - Parameters:
  ///   - histogram: The colours.
  ///   - space: The working space.
  ///   - model: The model, with as many coordinates as the whole image has.
  ///   - truncation: C'.
  ///   - transparent: The components of fully transparent pixels.
  ///   - engine: What computes it.
  /// - Throws: `FitError.dimensionsDiffer` or `.truncation`.
  init(
    _ histogram: ColorHistogram, in space: CompositeSpace,
    _ model: MixtureModel, _ truncation: Truncation, transparent: [UInt16],
    _ engine: TruncatedEM
  ) throws(FitError) {
    ranks = ColorRanks(histogram)
    self.histogram = histogram
    first = histogram.visible.lowerBound
    self.transparent = transparent
    guard !histogram.visible.isEmpty else {
      posterior = nil
      return
    }
    let workers = Workers(threads: engine.options.threads)
    posterior = try engine.posterior(
      of: histogram.tree(
        in: space, workers: workers, dimension: model.dimension),
      under: model, truncation: truncation)
  }

  /// The colours that can be seen as a row of pixels, each once; `nil` where there are
  /// none.
  func colors() -> ResponsibilityStrip? {
    guard let posterior else { return nil }
    return ResponsibilityStrip(
      rows: 0..<1, width: posterior.count, truncation: posterior.truncation,
      components: posterior.components,
      responsibilities: posterior.responsibilities)
  }

  /// A colour that can be seen: red, green, blue and alpha, 0 to 65,535.
  func color(_ n: Int) -> SIMD4<UInt16> { histogram.color(first + n) }

  /// Calls `body` with each of some pixels that can be seen, and the number of its
  /// colour among those of ``colors()``.
  @inline(__always)
  func forEach(
    _ range: Range<Int>, of pixels: Pixels,
    _ body: (_ place: Int, _ color: Int) -> Void
  ) {
    ranks.forEach(range, of: pixels) { place, color in
      if color >= first { body(place, color - first) }
    }
  }

  /// Writes the posterior of some pixels.
  ///
  /// - Parameters:
  ///   - range: Pixels.
  ///   - pixels: The image that the histogram was made of.
  ///   - components: Room for C' entries a pixel.
  ///   - responsibilities: As much.
  func write(
    _ range: Range<Int>, of pixels: Pixels,
    to components: UnsafeMutablePointer<UInt16>,
    _ responsibilities: UnsafeMutablePointer<Float>
  ) {
    let count = transparent.count
    guard let posterior else {
      for place in 0..<range.count {
        writeTransparent(
          components + place * count, responsibilities + place * count)
      }
      return
    }
    posterior.components.withUnsafeBufferPointer { from in
      posterior.responsibilities.withUnsafeBufferPointer { shares in
        ranks.forEach(range, of: pixels) { place, color in
          let target = place * count
          guard color >= first else {
            writeTransparent(components + target, responsibilities + target)
            return
          }
          let source = (color - first) * count
          for i in 0..<count {
            components[target + i] = from[source + i]
            responsibilities[target + i] = shares[source + i]
          }
        }
      }
    }
  }

  @inline(__always)
  private func writeTransparent(
    _ components: UnsafeMutablePointer<UInt16>,
    _ responsibilities: UnsafeMutablePointer<Float>
  ) {
    for (i, component) in transparent.enumerated() {
      components[i] = component
      responsibilities[i] = i == 0 ? 1 : 0
    }
  }
}
