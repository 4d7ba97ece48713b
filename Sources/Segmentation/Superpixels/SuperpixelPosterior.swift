import CLibrary
import ParallelWork
public import Rasters
public import Regions
public import TruncatedEM

/// How responsible superpixels are for the pixels at their borders.
///
/// Each superpixel is a component whose mean is that of its pixels, colour and
/// position, and σ² is what J of those means gives. K_n is the C' closest of
/// a pixel's own superpixel and those that share a border with it; where there
/// are fewer, the last places are taken by others that have no share.
public struct SuperpixelPosterior: Sendable {
  /// The means, D = 5: 0.7 L*, a*, b*, w x and w y, with w the weight of
  /// positions; of grey pictures D = 3, without a* and b*; and σ², in squared
  /// units of CIELAB.
  public let model: MixtureModel

  /// The mean samples of each superpixel: red, green, blue, 0 to 255.
  public let colors: MixtureModel

  /// For each pixel its C' superpixels, the closest first, and their shares.
  public let posterior: Posterior

  /// F per pixel with those K_n, in nats.
  public let freeEnergy: Double

  /// Computes responsibilities.
  ///
  /// - Parameters:
  ///   - map: Superpixels, at most `ResponsibilityMap.maximumComponents`.
  ///   - raster: The image.
  ///   - options: Those that the map was made with; C' is at most the number of
  ///     superpixels.
  ///   - threads: The most threads to use; the result does not depend on it.
  /// - Throws: `SegmentationError.components`.
  /// - Complexity: O(pixels × neighbours); 6 C' bytes a pixel.
  public init(
    _ map: LabelMap, _ raster: Raster, _ options: SuperpixelOptions,
    threads: Int = 1
  ) throws(SegmentationError) {
    guard map.count <= ResponsibilityMap.maximumComponents else {
      throw .components(map.count)
    }
    let workers = Workers(threads: threads)
    let space = PointSpace(map, raster, options, workers)
    let means = Self.means(of: map) { space.point($0, $1) }
    var inertia = 0.0
    let width = map.size.width
    for (n, label) in map.labels.enumerated() {
      inertia += Self.squaredDistance(
        space.point(n % width, n / width), means[Int(label)])
    }
    let places = GridMixture.places(ofGreys: Pixels.eight(raster).isGrey)
    let dimension = places.count
    let variance = max(
      1e-12, inertia / (Double(dimension) * Double(map.labels.count)))
    let colors = Self.means(of: map) { x, y in
      let at = (y * width + x) * raster.channels.count
      return SIMD8(
        Double(raster.samples[at]), Double(raster.samples[at + 1]),
        Double(raster.samples[at + 2]), 0, 0, 0, 0, 0)
    }
    do {
      model = try MixtureModel(
        means: means.flatMap { mean in places.map { mean[$0] } },
        variance: variance, dimension: dimension)
      self.colors = try MixtureModel(
        means: colors.flatMap { [$0[0], $0[1], $0[2]] }, variance: variance,
        dimension: 3)
    } catch {
      throw .fit(error)
    }
    let truncation = min(options.truncation, map.count)
    let graph = RegionGraph(map) { _, _ in 0 }
    let candidates = graph.borders.indices.map { c in
      [c] + graph.borders[c].map { Int($0.region) }.sorted()
    }
    let rows = workers.map(map.size.height) { y in
      Row(
        y, map, truncation: truncation, candidates: candidates, means,
        variance: variance, space)
    }
    posterior = Posterior(
      count: map.labels.count, truncation: truncation,
      components: rows.flatMap(\.components),
      responsibilities: rows.flatMap(\.responsibilities))
    freeEnergy =
      rows.reduce(0) { $0 + $1.logShares } / Double(map.labels.count)
      - log(Double(map.count))
      - Double(dimension) / 2 * log(2 * .pi * variance)
  }

  /// For each pixel how responsible its own superpixel is, 0 to 1; 0 where C'
  /// others are closer.
  ///
  /// - Parameter map: The superpixels.
  /// - Returns: A number for each pixel.
  public func own(_ map: LabelMap) -> [Float] {
    posterior.responsibilities(of: map)
  }

  private static func squaredDistance(
    _ point: SIMD8<Double>, _ mean: SIMD8<Double>
  ) -> Double {
    let difference = point - mean
    return (difference * difference).sum()
  }

  /// The mean of the points of each superpixel.
  private static func means(
    of map: LabelMap, _ point: (Int, Int) -> SIMD8<Double>
  ) -> [SIMD8<Double>] {
    var means = [SIMD8<Double>](repeating: .zero, count: map.count)
    var areas = [Double](repeating: 0, count: map.count)
    let width = map.size.width
    for (n, label) in map.labels.enumerated() {
      means[Int(label)] += point(n % width, n / width)
      areas[Int(label)] += 1
    }
    for c in means.indices where areas[c] > 0 { means[c] /= areas[c] }
    return means
  }
}

extension SuperpixelPosterior {
  /// The pixels as points of five coordinates.
  private struct PointSpace: Sendable {
    private let planes: LabPlanes
    private let weight: Double

    init(
      _ map: LabelMap, _ raster: Raster, _ options: SuperpixelOptions,
      _ workers: Workers
    ) {
      planes = LabPlanes(raster, workers).smoothed(workers)
      weight =
        options.compactness
        * (Double(map.count) / Double(map.size.pixelCount)).squareRoot()
    }

    func point(_ x: Int, _ y: Int) -> SIMD8<Double> {
      let at = y * planes.stride + x
      return SIMD8(
        Double(planes.samples[at]),
        Double(planes.samples[planes.planeCount + at]),
        Double(planes.samples[2 * planes.planeCount + at]),
        weight * Double(x), weight * Double(y), 0, 0, 0)
    }
  }

  /// The posterior of the pixels of a row.
  private struct Row: Sendable {
    private(set) var components: [UInt16] = []
    private(set) var responsibilities: [Float] = []

    /// Σ_n log Σ_{c∈K_n} exp(−|y_n−μ_c|²/2σ²).
    private(set) var logShares = 0.0

    init(
      _ y: Int, _ map: LabelMap, truncation: Int, candidates: [[Int]],
      _ means: [SIMD8<Double>], variance: Double, _ space: PointSpace
    ) {
      let width = map.size.width
      components.reserveCapacity(width * truncation)
      responsibilities.reserveCapacity(width * truncation)
      var nearest = NearestFew(capacity: truncation)
      var parts = [Double](repeating: 0, count: truncation)
      for x in 0..<width {
        let point = space.point(x, y)
        nearest.removeAll()
        for c in candidates[Int(map.labels[y * width + x])] {
          nearest.insert(
            c,
            distance: SuperpixelPosterior.squaredDistance(point, means[c]))
        }
        var total = 0.0
        for i in 0..<nearest.count {
          parts[i] = exp(
            (nearest.distance(0) - nearest.distance(i)) / (2 * variance))
          total += parts[i]
        }
        logShares += log(total) - nearest.distance(0) / (2 * variance)
        let first = components.count
        for i in 0..<nearest.count {
          components.append(UInt16(truncatingIfNeeded: nearest.entry(i)))
          responsibilities.append(Float(parts[i] / total))
        }
        var other: UInt16 = 0
        while components.count < first + truncation {
          if !components[first...].contains(other) {
            components.append(other)
            responsibilities.append(0)
          }
          other += 1
        }
      }
    }
  }
}
