public import Segmentation

/// What came of a comparison.
public struct Comparison: Sendable {
  /// The pictures of a report.
  public struct Pictures: Sendable {
    /// The original.
    public let original: ComparisonPicture

    /// The image of each row.
    public let rows: [ComparisonPicture]

    /// How undecided the pixels of each row are, from 0 to
    /// ``mostUncertainty``; `nil` of a row with C' = 1 or without a fit.
    public let uncertainties: [ComparisonPicture?]

    /// The entropy that the lightest colour of all maps stands for, in nats:
    /// log C' of the largest C'. It is the same for all rows, so that the maps
    /// can be compared; 0 where there are none.
    public let mostUncertainty: Double

    /// The image of each row with one colour moved by the row's
    /// responsibilities, in full colour; `nil` of a row without a fit.
    public let recolored: [ComparisonPicture?]

    /// What all of ``recolored`` move; `nil` where there are none, as in grey
    /// images.
    public let move: ColorMove?

    /// How much smaller they are than the images.
    public let scale: PictureScale
  }

  /// The numbers.
  public let report: ComparisonReport

  /// The pictures, where they were asked for.
  public let pictures: Pictures?

  /// A comparison.
  ///
  /// - Parameters:
  ///   - report: The numbers.
  ///   - pictures: The pictures of the same rows, if there are any.
  public init(report: ComparisonReport, pictures: Pictures?) {
    self.report = report
    self.pictures = pictures
  }

  /// The most pixels of all pictures together, about, and of one.
  static let mostPixels = 16_000_000
  static let mostPixelsOfOne = 1_000_000

  /// The most pixels of one picture where there are so many.
  static func mostPixels(ofEachOf count: Int) -> Int {
    min(mostPixelsOfOne, mostPixels / max(1, count))
  }
}
