import ColorModels
import ParallelWork
import Rasters

/// How well layers separate an image, in the numbers that the literature on soft colour
/// segmentation uses (Y. Aksoy et al., "Unmixing-based soft color segmentation for image
/// manipulation", ACM Transactions on Graphics 36(2), 2017; J. Tan, J. Echevarria and
/// Y. Gingold, "Efficient palette-based decomposition and recoloring of images via
/// RGBXY-space geometry", ACM Transactions on Graphics 37(6), 2018).
public struct LayerQuality: Sendable {
  /// How far the layers, put together and rounded once, are from the image: the root of
  /// the mean squared error of all samples, 0 to 255.
  public private(set) var reconstructionError = 0.0

  /// The mean of Σα/Σα² − 1 over the pixels that can be seen: 0 where each pixel
  /// belongs to one layer, and n − 1 where it belongs to n by the same share.
  public private(set) var sparsity = 0.0

  /// Σ_c Σ_n α |u − ū_c|² / Σ_c Σ_n α with ū_c the mean colour of layer c: samples from
  /// 0 to 1, squares summed over red, green and blue.
  public private(set) var variance = 0.0

  /// The mean over neighbouring pixels of ½ Σ_c |difference of α_c|, 0 to 1.
  public private(set) var alphaGradient = 0.0

  /// The mean over neighbouring pixels of the difference of the image, the mean of the
  /// magnitudes of red, green and blue, 0 to 1.
  public private(set) var imageGradient = 0.0

  /// The correlation of the two differences, −1 to 1: high where alphas change at the
  /// image's edges only. `nil` where one of them does not change.
  public private(set) var edgeCorrelation: Double?

  /// The sum of each layer's alpha, as a share of all.
  public private(set) var shares: [Double]

  /// The variance of each layer's colour.
  public private(set) var variances: [Double]

  /// What is summed over pixels.
  private struct Sums {
    var squares = 0.0
    var samples = 0.0
    var sparsity = 0.0
    var seen = 0.0
    var pairs = 0.0
    var alpha = 0.0
    var image = 0.0
    var alphaSquares = 0.0
    var imageSquares = 0.0
    var products = 0.0

    /// For each layer Σα, Σαu and Σα|u|².
    var weights: [Double]
    var colors: [SIMD3<Double>]
    var colorSquares: [Double]

    init(_ layers: Int) {
      weights = [Double](repeating: 0, count: layers)
      colors = [SIMD3<Double>](repeating: .zero, count: layers)
      colorSquares = [Double](repeating: 0, count: layers)
    }

    mutating func add(_ other: Sums) {
      squares += other.squares
      samples += other.samples
      sparsity += other.sparsity
      seen += other.seen
      pairs += other.pairs
      alpha += other.alpha
      image += other.image
      alphaSquares += other.alphaSquares
      imageSquares += other.imageSquares
      products += other.products
      for n in weights.indices {
        weights[n] += other.weights[n]
        colors[n] += other.colors[n]
        colorSquares[n] += other.colorSquares[n]
      }
    }

    mutating func addPair(_ alpha: Double, _ image: Double) {
      pairs += 1
      self.alpha += alpha
      self.image += image
      alphaSquares += alpha * alpha
      imageSquares += image * image
      products += alpha * image
    }
  }

  /// Measures layers.
  ///
  /// - Complexity: O(pixels × (layers + C'²)).
  public init(of split: LayerSplit) {
    let layers = split.plan.layers.count
    var sums = Sums(layers)
    let workers = Workers(threads: split.threads)
    for rows in split.strips() {
      // With the row above, for differences.
      let first = max(0, rows.lowerBound - 1)
      let shares = split.shares(first..<rows.upperBound)
      // Of translucent images only light adds up.
      let isLight = split.blend == .add && split.hasAlpha
      if isLight { Self.addLightErrors(rows, split, to: &sums) }
      let strip = isLight ? nil : split.strip(rows)
      let pieces = min(64, rows.count)
      let parts = workers.map(pieces) { piece in
        var sums = Sums(layers)
        for y in (0..<rows.count).piece(piece, of: pieces) {
          Self.addRow(y + rows.lowerBound - first, shares, to: &sums)
          if let strip {
            Self.addErrors(y, strip, split.blend, to: &sums)
          }
        }
        return sums
      }
      for part in parts { sums.add(part) }
    }
    self.shares = sums.weights
    variances = sums.weights
    finish(sums)
  }

  private mutating func finish(_ sums: Sums) {
    let total = sums.weights.reduce(0, +)
    var squares = 0.0
    for n in sums.weights.indices {
      let weight = sums.weights[n]
      let mean = weight > 0 ? sums.colors[n] / weight : .zero
      let own = max(0, sums.colorSquares[n] - weight * (mean * mean).sum())
      squares += own
      shares[n] = total > 0 ? weight / total : 0
      variances[n] = weight > 0 ? own / weight : 0
    }
    variance = total > 0 ? squares / total : 0
    reconstructionError =
      sums.samples > 0 ? (sums.squares / sums.samples).squareRoot() : 0
    sparsity = sums.seen > 0 ? sums.sparsity / sums.seen : 0
    guard sums.pairs > 0 else { return }
    alphaGradient = sums.alpha / sums.pairs
    imageGradient = sums.image / sums.pairs
    let covariance =
      sums.products / sums.pairs - alphaGradient * imageGradient
    let spread =
      (sums.alphaSquares / sums.pairs - alphaGradient * alphaGradient)
      * (sums.imageSquares / sums.pairs - imageGradient * imageGradient)
    edgeCorrelation = spread > 1e-24 ? covariance / spread.squareRoot() : nil
  }

  /// Adds a row's shares and colours, and its differences to the left and above.
  private static func addRow(
    _ y: Int, _ shares: LayerShares, to sums: inout Sums
  ) {
    for x in 0..<shares.width {
      let pixel = y * shares.width + x
      guard shares.alphas[pixel] > 0 else { continue }
      var squares = 0.0
      for entry in shares.entries(of: pixel) {
        let share = shares.shares[entry]
        squares += share * share
        let weight = share * shares.alphas[pixel]
        let layer = shares.layers[entry]
        let color = shares.colors[entry]
        sums.weights[layer] += weight
        sums.colors[layer] += weight * color
        sums.colorSquares[layer] += weight * (color * color).sum()
      }
      sums.sparsity += 1 / squares - 1
      sums.seen += 1
      if x > 0 { addPair(pixel, pixel - 1, shares, to: &sums) }
      if y > 0 { addPair(pixel, pixel - shares.width, shares, to: &sums) }
    }
  }

  private static func addPair(
    _ pixel: Int, _ other: Int, _ shares: LayerShares, to sums: inout Sums
  ) {
    guard shares.alphas[other] > 0 else { return }
    // ½ Σ |a − b| is 1 − Σ min(a, b).
    var common = 0.0
    for one in shares.entries(of: pixel) {
      for two in shares.entries(of: other)
      where shares.layers[one] == shares.layers[two] {
        common += min(shares.shares[one], shares.shares[two])
      }
    }
    let way = shares.pixels[pixel] - shares.pixels[other]
    sums.addPair(
      max(0, 1 - common), (abs(way.x) + abs(way.y) + abs(way.z)) / 3)
  }

  /// Adds how far layers of light are from the image when they are added and encoded.
  private static func addLightErrors(
    _ rows: Range<Int>, _ split: LayerSplit, to sums: inout Sums
  ) {
    let pixels = split.pixels(rows)
    var light = [SIMD4<Double>](
      repeating: .zero, count: rows.count * split.size.width)
    let layers = LayerLight(split)
    for layer in split.plan.layers.indices {
      let own = layers.strip(rows, of: layer)
      for n in light.indices { light[n] += SIMD4<Double>(own[n]) }
    }
    func add<Sample: FixedWidthInteger>(_ samples: [Sample], _ channels: Int) {
      let most = Double(Sample.max)
      for (n, made) in light.enumerated() {
        let alpha = channels == 4 ? Double(samples[channels * n + 3]) : most
        guard alpha > 0 else { continue }
        var errors = SIMD4<Double>(repeating: (most * made.w).rounded() - alpha)
        for d in 0..<3 {
          let encoded = TransferFunction.encoded(ofLight: made[d] / made.w)
          errors[d] =
            (most * encoded).rounded() - Double(samples[channels * n + d])
        }
        errors *= 255 / most
        sums.squares += (errors * errors).sum()
        sums.samples += 4
      }
    }
    switch pixels {
    case .eight(let raster): add(raster.samples, raster.channels.count)
    case .sixteen(let raster): add(raster.samples, raster.channels.count)
    }
  }

  /// Adds how far the layers of a row are from the image when they are put together.
  private static func addErrors(
    _ y: Int, _ strip: LayerStrip, _ blend: LayerBlend, to sums: inout Sums
  ) {
    switch (strip.samples, strip.pixels) {
    case (.eight(let samples), .eight(let raster)):
      addErrors(
        y, strip, samples, raster.samples, raster.channels.count, blend,
        to: &sums)
    case (.sixteen(let samples), .sixteen(let raster)):
      addErrors(
        y, strip, samples, raster.samples, raster.channels.count, blend,
        to: &sums)
    default: preconditionFailure("layers have the depth of their image")
    }
  }

  private static func addErrors<Sample: FixedWidthInteger>(
    _ y: Int, _ strip: LayerStrip, _ samples: [Sample], _ pixels: [Sample],
    _ channels: Int, _ blend: LayerBlend, to sums: inout Sums
  ) {
    let most = Double(Sample.max)
    let width = strip.channels.count
    for pixel in y * strip.width..<(y + 1) * strip.width {
      // Red, green and blue, each times alpha, and alpha.
      var made = SIMD4<Double>.zero
      var through = 1.0
      for layer in 0..<strip.count {
        let first = strip.range(of: layer).lowerBound + width * pixel
        let alpha = width == 4 ? Double(samples[first + 3]) / most : 1
        let share = blend == .add ? 1 : through * alpha
        guard share > 0 else { continue }
        made +=
          share
          * SIMD4(
            Double(samples[first]), Double(samples[first + 1]),
            Double(samples[first + 2]), 1)
        through *= 1 - alpha
      }
      if blend == .add { made.w = 1 }
      let own = pixel * channels
      let alpha = channels == 4 ? Double(pixels[own + 3]) : most
      func add(_ made: Double, _ sample: Double) {
        let error = (made.rounded() - sample) * 255 / most
        sums.squares += error * error
        sums.samples += 1
      }
      add(most * made.w, alpha)
      guard alpha > 0 else { continue }
      for d in 0..<3 {
        add(
          made.w > 0 ? made[d] / made.w : 0, Double(pixels[own + d]))
      }
    }
  }
}
