import PaletteFiles
import Quantization
import QuantizeKit
import Rasters
import SystemPackage

/// The colours of a palette file or an image, as JSON that a request can give.
public struct PaletteAnswer: Encodable, Sendable {
  /// A colour.
  struct Entry: Encodable, Sendable {
    /// `#rrggbb`, or `#rrggbbaa` where it is not opaque.
    let hex: String
    let name: String?
  }

  let colors: [Entry]

  /// The most bytes of a palette file.
  public static let mostBytes = 4 << 20

  /// Reads a file of any format that the command reads.
  ///
  /// - Parameters:
  ///   - name: The name of the file.
  ///   - bytes: The file.
  ///   - limits: What an image may ask for.
  /// - Throws: `ServiceError` that says what is wrong with it.
  /// - Complexity: O(bytes), and O(pixels) for an image.
  public init(
    name: String, bytes: [UInt8], _ limits: ServiceLimits
  ) throws(ServiceError) {
    var decoding = DecodeOptions()
    decoding.limits.pixels = min(limits.pixels, limits.memory / 8)
    decoding.limits.metadataBytes = limits.metadata
    let given: GivenPalette
    do {
      given = try PaletteSource.palette(
        of: bytes, at: .file(FilePath(OpenPicture.fileName(name))), decoding)
    } catch {
      throw ServiceError(422, error.message)
    }
    let count = given.palette.colors.count
    guard count <= 256 else {
      throw ServiceError(
        422, "the file has \(count) colours, and the page takes 256 at most")
    }
    colors = given.palette.colors.map { color in
      Entry(
        hex: PaletteColor(color: color.color, alpha: color.alpha).hex,
        name: given.names[color])
    }
  }
}
