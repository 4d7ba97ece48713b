public import Segmentation

/// What becomes of the colours of each image of a batch, where they are moved and not
/// reduced.
public struct BatchRecoloring: Sendable {
  /// Which colours are moved.
  public let choice: RecolorChoice

  /// What becomes of the lightness of what is moved.
  public let lightness: Recoloring.Lightness

  /// How far the hue of a shade may be, in degrees.
  public let shades: Double

  /// Describes it.
  public init(
    _ choice: RecolorChoice, lightness: Recoloring.Lightness, shades: Double
  ) {
    self.choice = choice
    self.lightness = lightness
    self.shades = shades
  }

  /// What outputs depend on, with the content of an image whose colours are taken.
  var digest: String {
    let choice =
      switch choice {
      case .moves(let moves): "\(moves)"
      case .assigned(let colors): "\(colors)"
      case .matched(let file):
        "\(file.displayName) \((try? Checksum.of(file)) ?? 0)"
      }
    return "\(choice) \(lightness) \(shades)"
  }

  /// The job of one image.
  func job(
    _ input: FileLocation, _ output: FileLocation, _ options: QuantizeOptions
  ) -> RecolorJob {
    var job = RecolorJob(
      input: input, output: output, choice, options: options)
    job.lightness = lightness
    job.shades = shades
    return job
  }
}
