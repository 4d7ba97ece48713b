public import SoftFormats

/// What is written of the truncated posterior, and where.
public struct SoftOutputs: Sendable {
  /// A file or folder of responsibilities.
  public struct Responsibilities: Sendable {
    /// Where it goes.
    public let location: FileLocation

    /// What it is.
    public let format: SoftFormat

    /// Describes an output.
    public init(_ location: FileLocation, _ format: SoftFormat) {
      self.location = location
      self.format = format
    }
  }

  /// The files and folders of responsibilities.
  public var responsibilities: [Responsibilities] = []

  /// Where the posterior mean of each pixel goes, a PNG, if anywhere.
  public var colors: FileLocation?

  /// Where the entropy of each pixel's posterior goes, a PNG, if anywhere.
  public var uncertainty: FileLocation?

  /// Whether the entropy is shown in colours with a legend, and not as grey.
  public var showsUncertaintyInColors = false

  /// How samples are written; `nil` leaves it to the format: 8 bits for
  /// OpenRaster and pictures, 16 for TIFF and folders.
  public var depth: SampleDepth?

  /// Nothing.
  public init() {}

  /// Whether nothing is written.
  public var isEmpty: Bool {
    responsibilities.isEmpty && colors == nil && uncertainty == nil
  }

  /// Whether all of it is written in one go through the pixels, or in two, and
  /// nothing is kept in memory.
  var canBeStreamed: Bool {
    colors == nil && uncertainty == nil
      && responsibilities.allSatisfy { $0.format.isStreamed }
  }

  /// The pictures, in the order of their places.
  ///
  /// - Throws: `QuantizeError.softOutput`.
  func pictures(of image: SoftImage) throws(QuantizeError) -> [[UInt8]] {
    var result: [[UInt8]] = []
    if let colors {
      do {
        result.append(
          try SoftColorImage.encode(image, depth: depth?.png ?? .eight))
      } catch {
        throw .softOutput(colors, error)
      }
    }
    if let uncertainty {
      do {
        result.append(
          showsUncertaintyInColors
            ? try UncertaintyImage.encodeColors(image)
            : try UncertaintyImage.encode(image))
      } catch {
        throw .softOutput(uncertainty, error)
      }
    }
    return result
  }
}
