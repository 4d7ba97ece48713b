import Segmentation

/// The layers that were written, as reports have them.
public struct LayersRecord: Codable, Sendable {
  /// One layer.
  public struct Layer: Codable, Sendable {
    /// Its name.
    public let name: String

    /// The numbers of its components.
    public let components: [Int]

    /// The sum of its alpha, as a share of all layers'.
    public let share: Double

    /// The variance of its colour, samples from 0 to 1, summed over red, green and blue.
    public let variance: Double
  }

  /// `normal` or `add`.
  public let blend: String

  /// The root of the mean squared difference of the layers, put together, and the image,
  /// 0 to 255.
  public let reconstructionRmse: Double

  /// The mean of Σα/Σα² − 1.
  public let sparsity: Double

  /// The variance of colours within layers.
  public let variance: Double

  /// The mean difference of alphas between neighbouring pixels, 0 to 1.
  public let alphaGradient: Double

  /// The mean difference of the image between neighbouring pixels, 0 to 1.
  public let imageGradient: Double

  /// The correlation of both; absent where one of them does not change.
  public let edgeCorrelation: Double?

  /// The layers, the top one first.
  public let layers: [Layer]

  /// Measures layers.
  init(_ split: LayerSplit) {
    let quality = LayerQuality(of: split)
    blend = split.blend.rawValue
    reconstructionRmse = quality.reconstructionError
    sparsity = quality.sparsity
    variance = quality.variance
    alphaGradient = quality.alphaGradient
    imageGradient = quality.imageGradient
    edgeCorrelation = quality.edgeCorrelation
    layers = split.plan.layers.enumerated().map { n, layer in
      Layer(
        name: layer.name, components: layer.components,
        share: quality.shares[n], variance: quality.variances[n])
    }
  }
}
