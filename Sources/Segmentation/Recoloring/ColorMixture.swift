import ColorModels
import ParallelWork
import Quantization
import Rasters
import TruncatedEM

/// Moves the distinct colours of an image along the ways of components.
struct ColorMixture: Sendable {
  let fitted: FittedPalette

  /// For each component how its colours move; `nil` where they stay.
  let ways: [ColorWay?]

  /// The components as colours.
  let means: OpaqueComponents

  /// The space of the ways.
  let space: CompositeSpace

  /// Whether the first coordinate, lightness, stays.
  let keepsLightness: Bool

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
          room.start[n] = moved(color, n, posterior, gamut)
        }
      }
      initialized = count
    }
  }

  /// The new samples of a colour.
  private func moved(
    _ color: SIMD4<UInt16>, _ n: Int, _ posterior: Posterior,
    _ gamut: GamutMapping
  ) -> SIMD3<UInt16> {
    let samples = SIMD3(color.x, color.y, color.z)
    let encoded =
      SIMD3(Double(color.x), Double(color.y), Double(color.z)) / 65_535
    guard var way = way(of: n, at: encoded, posterior) else {
      return isDeep ? samples : samples &>> 8
    }
    if keepsLightness { way.x = 0 }
    let point = space.working.coordinates(ofEncoded: encoded, in: space.gamut)
    let most = isDeep ? 65_535.0 : 255
    let moved =
      most * gamut.inside(space.working.encoded(point + way, in: space.gamut))
    return SIMD3<UInt16>(moved.rounded(.toNearestOrAwayFromZero))
  }

  /// How far a colour is moved; `nil` where no component has a share that is.
  private func way(
    of n: Int, at encoded: SIMD3<Double>, _ posterior: Posterior
  ) -> SIMD3<Double>? {
    let entries =
      n * posterior.truncation..<(n + 1) * posterior.truncation
    var way: SIMD3<Double>?
    var residual: SIMD3<Double>?
    for entry in entries {
      let share = Double(posterior.responsibilities[entry])
      let component = Int(posterior.components[entry])
      guard share > 0, let kind = ways[component] else { continue }
      let step: SIMD3<Double>
      switch kind {
      case .step(let far):
        step = far
      case .turn(let family):
        let rest =
          residual
          ?? space.working.coordinates(ofEncoded: encoded, in: space.gamut)
          - mean(entries, posterior)
        residual = rest
        step = turned(means.points[component] + rest, family)
      }
      way = (way ?? .zero) + share * step
    }
    return way
  }

  /// The colour that the components make where they share a pixel.
  private func mean(
    _ entries: Range<Int>, _ posterior: Posterior
  ) -> SIMD3<Double> {
    var sum = SIMD3<Double>.zero
    var weight = 0.0
    for entry in entries {
      let component = Int(posterior.components[entry])
      // Complete transparency has no colour.
      guard means.isVisible(component) else { continue }
      let share = Double(posterior.responsibilities[entry])
      sum += share * means.points[component]
      weight += share
    }
    return weight > 0 ? sum / weight : .zero
  }

  /// How far a turn moves a point of the working space.
  private func turned(
    _ point: SIMD3<Double>, _ family: HueFamily
  ) -> SIMD3<Double> {
    guard space.working != .oklab else { return family.moved(point) - point }
    let zero = SIMD3<Double>.zero
    let encoded = space.working.encoded(point, in: space.gamut)
      .clamped(lowerBound: zero, upperBound: zero + 1)
    let inside = space.working.coordinates(ofEncoded: encoded, in: space.gamut)
    let oklab = WorkingSpace.oklab.coordinates(
      ofEncoded: encoded, in: space.gamut)
    let goal = WorkingSpace.oklab.encoded(
      family.moved(oklab), in: space.gamut)
    return space.working.coordinates(ofEncoded: goal, in: space.gamut) - inside
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
