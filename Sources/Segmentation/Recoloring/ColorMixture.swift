import ColorModels
import ParallelWork
import Quantization
import Rasters
import TruncatedEM

/// Moves the distinct colours of an image along the ways of components.
struct ColorMixture: Sendable {
  let fitted: FittedPalette

  /// For each component how far it is moved.
  let ways: [SIMD3<Double>]

  /// The space of the ways.
  let space: CompositeSpace

  /// Whether samples have 16 bits.
  let isDeep: Bool

  /// The new colour of each visible one, in the samples of the image.
  ///
  /// - Complexity: O(distinct colours × C').
  func colors(_ posterior: Posterior?, _ workers: Workers) -> [SIMD3<UInt16>] {
    guard let posterior else { return [] }
    let count = posterior.count
    let first = fitted.histogram.visible.lowerBound
    let pieces = max(1, min(256, count / 4_096))
    let gamut = GamutMapping(space.gamut)
    return [SIMD3<UInt16>](unsafeUninitializedCapacity: count) {
      room, initialized in
      let room = SharedMemory(room)
      workers.forEach(pieces) { piece in
        for n in (0..<count).piece(piece, of: pieces) {
          let color = fitted.histogram.color(first + n)
          room.start[n] = moved(color, by: way(of: n, posterior), gamut)
        }
      }
      initialized = count
    }
  }

  /// How far a colour is moved; `nil` where no component has a share that is.
  private func way(of n: Int, _ posterior: Posterior) -> SIMD3<Double>? {
    var way: SIMD3<Double>?
    let first = n * posterior.truncation
    for entry in first..<first + posterior.truncation {
      let share = posterior.responsibilities[entry]
      let step = ways[Int(posterior.components[entry])]
      guard share > 0, step != .zero else { continue }
      way = (way ?? .zero) + Double(share) * step
    }
    return way
  }

  private func moved(
    _ color: SIMD4<UInt16>, by way: SIMD3<Double>?, _ gamut: GamutMapping
  ) -> SIMD3<UInt16> {
    let samples = SIMD3(color.x, color.y, color.z)
    guard let way else { return isDeep ? samples : samples &>> 8 }
    let encoded =
      SIMD3(Double(color.x), Double(color.y), Double(color.z)) / 65_535
    let point = space.working.coordinates(ofEncoded: encoded, in: space.gamut)
    let most = isDeep ? 65_535.0 : 255
    let moved =
      most * gamut.inside(space.working.encoded(point + way, in: space.gamut))
    return SIMD3<UInt16>(moved.rounded(.toNearestOrAwayFromZero))
  }

  /// How much of the image each component is responsible for, 0 to 1.
  func shares(_ posterior: Posterior?) -> [Double] {
    var sums = [Double](repeating: 0, count: ways.count)
    guard let posterior else { return sums }
    let first = fitted.histogram.visible.lowerBound
    for n in 0..<posterior.count {
      let count = Double(fitted.histogram.counts[first + n])
      for entry in n * posterior.truncation..<(n + 1) * posterior.truncation {
        sums[Int(posterior.components[entry])] +=
          count * Double(posterior.responsibilities[entry])
      }
    }
    return sums.map { $0 / Double(fitted.histogram.pixelCount) }
  }
}

extension FittedPalette {
  /// The posterior of the visible colours; `nil` where there are none.
  ///
  /// - Throws: `FitError`.
  func posterior(threads: Int) throws(FitError) -> Posterior? {
    guard !histogram.visible.isEmpty else { return nil }
    var options = FitOptions()
    options.threads = threads
    return try TruncatedEM(options).posterior(
      of: histogram.tree(
        in: space, workers: Workers(threads: threads),
        dimension: fit.model.dimension),
      under: fit.model, truncation: fit.truncation)
  }
}
