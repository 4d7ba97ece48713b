import ParallelWork
public import Rasters

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How responsible superpixels are for the pixels at their borders.
///
/// Each superpixel is a component whose mean is that of its pixels, colour and
/// position, and σ² is what J of those means gives. K_n is the C' closest of
/// a pixel's own superpixel and those that share a border with it.
public struct SuperpixelPosterior: Sendable {
  /// For each pixel how responsible its own superpixel is, 0 to 1; 0 where
  /// C' others are closer.
  public let own: [Float]

  /// σ², in squared units of CIELAB.
  public let variance: Double

  /// Computes responsibilities.
  ///
  /// - Parameters:
  ///   - map: Superpixels.
  ///   - raster: The image.
  ///   - options: Those that the map was made with.
  ///   - threads: The most threads to use; the result does not depend on it.
  /// - Complexity: O(pixels × neighbours).
  public init(
    _ map: LabelMap, _ raster: Raster, _ options: SuperpixelOptions,
    threads: Int = 1
  ) {
    guard options.truncation > 1 else {
      own = [Float](repeating: 1, count: map.size.pixelCount)
      variance = 0
      return
    }
    let workers = Workers(threads: threads)
    let planes = LabPlanes(raster, workers).smoothed(workers)
    let weight =
      options.compactness
      * (Double(map.count) / Double(map.size.pixelCount)).squareRoot()
    let (width, stride) = (map.size.width, planes.stride)
    @Sendable func point(_ x: Int, _ y: Int) -> SIMD8<Double> {
      let at = y * stride + x
      return SIMD8(
        Double(planes.samples[at]),
        Double(planes.samples[planes.planeCount + at]),
        Double(planes.samples[2 * planes.planeCount + at]),
        weight * Double(x), weight * Double(y), 0, 0, 0)
    }
    var means = [SIMD8<Double>](repeating: .zero, count: map.count)
    var areas = [Double](repeating: 0, count: map.count)
    for (n, label) in map.labels.enumerated() {
      means[Int(label)] += point(n % width, n / width)
      areas[Int(label)] += 1
    }
    for c in means.indices where areas[c] > 0 { means[c] /= areas[c] }
    let centres = means
    @Sendable func distance(_ point: SIMD8<Double>, _ c: Int) -> Double {
      let difference = point - centres[c]
      return (difference * difference).sum()
    }
    var inertia = 0.0
    for (n, label) in map.labels.enumerated() {
      inertia += distance(point(n % width, n / width), Int(label))
    }
    let variance = max(
      1e-12,
      inertia / (Double(GridMixture.dimension) * Double(map.labels.count)))
    self.variance = variance
    let graph = RegionGraph(map) { _, _ in 0 }
    let candidates = graph.borders.indices.map { c in
      [c] + graph.borders[c].map { Int($0.region) }.sorted()
    }
    let rows = workers.map(map.size.height) { y in
      var nearest = NearestFew(capacity: options.truncation)
      return (0..<width).map { x -> Float in
        let own = Int(map.labels[y * width + x])
        let point = point(x, y)
        nearest.removeAll()
        for c in candidates[own] {
          nearest.insert(c, distance: distance(point, c))
        }
        var (total, share) = (0.0, 0.0)
        for i in 0..<nearest.count {
          let part = exp(
            (nearest.distance(0) - nearest.distance(i)) / (2 * variance))
          total += part
          if nearest.entry(i) == own { share = part }
        }
        return Float(share / total)
      }
    }
    own = rows.flatMap(\.self)
  }
}
