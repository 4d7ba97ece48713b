import ImageFormats
import PaletteFiles
import Quantization
import QuantizeKit
import Rasters
import _TestSupport

/// What is given random bytes. Any bytes are either read or refused; a crash, a
/// hang or a broken promise of what was read ends the process.
public enum FuzzTarget: String, CaseIterable, Sendable {
  /// A PNG, whose CRCs are put right first.
  case png

  /// A JPEG.
  case jpeg

  /// A TIFF.
  case tiff

  /// A WebP.
  case webp

  /// A GIF.
  case gif

  /// A BMP.
  case bmp

  /// A TIFF or an array of NumPy as channels.
  case channels

  /// The Exif of an image.
  case exif

  /// The ICC profile of an image; the first byte chooses what image.
  case icc

  /// The XMP of an image.
  case xmp

  /// A palette file; the first byte chooses the format.
  case palette

  /// The JSON file of means to start from.
  case means

  /// A histogram as bytes, whose checksum is put right first.
  case histogram

  /// Calls of the C interface.
  case calls

  /// An image of more pixels is refused: the time goes into variety.
  static let limits = DecodeLimits(pixels: 1 << 16)

  /// Tries some bytes.
  ///
  /// - Parameter bytes: Anything.
  public func run(_ bytes: [UInt8]) {
    switch self {
    case .png: Self.read(PNGRepair.repaired(bytes))
    case .jpeg, .tiff, .webp, .gif, .bmp: Self.read(bytes)
    case .channels: Self.channels(bytes)
    case .exif: Self.exif(bytes)
    case .icc: Self.profile(bytes)
    case .xmp: Self.xmp(bytes)
    case .palette: Self.palette(bytes)
    case .means: Self.means(bytes)
    case .histogram: Self.histogram(bytes)
    case .calls: CallProgram.run(bytes)
    }
  }

  /// Reads a histogram, and writes what it read.
  private static func histogram(_ bytes: [UInt8]) {
    for bytes in [bytes, HistogramRepair.repaired(bytes)] {
      do throws(HistogramError) {
        let histogram = try ColorHistogram(bytes: bytes)
        // Numbers have one form, but for groups of bits that say nothing.
        let again = try ColorHistogram(bytes: histogram.bytes())
        precondition(again.bytes() == histogram.bytes())
        precondition(histogram.pixelCount >= histogram.count)
        var merger = HistogramMerger()
        merger.add(histogram)
        merger.add(again)
        precondition(merger.merged()?.count == histogram.count)
      } catch {
        precondition(isOneLine(error.message))
      }
    }
  }

  /// Reads an image in all ways.
  private static func read(_ bytes: [UInt8]) {
    let target = target(bytes)
    let whole = decode(bytes)
    StreamCheck.run(bytes, as: whole, into: target, limits)
    let kept = try? ImageDecoder.decode(
      bytes, into: target, limits: limits, keepsGoing: true)
    precondition(kept != nil || whole == nil)
    guard let whole, let kept else { return }
    precondition(whole.raster.samples == kept.raster.samples)
  }

  /// Reads channels, of the first page and of all.
  private static func channels(_ bytes: [UInt8]) {
    _ = ChannelDecoder.isNeeded(for: bytes)
    _ = ChannelDecoder.georeference(of: bytes)
    var first: ChannelImage?
    for pages in [PageSelection.first, .all] {
      do throws(DecodeError) {
        let image = try ChannelDecoder.decode(
          bytes, pages: pages, limits: limits
        ).image
        precondition(image.samples.allSatisfy(\.isFinite))
        precondition(image.pixelCount <= limits.pixels)
        if let first { precondition(image.channels == first.channels) }
        first = image
      } catch {
        precondition(isOneLine(error.message))
      }
    }
  }

  /// Conversions are slow to prepare: one for each input.
  private static func target(_ bytes: [UInt8]) -> ColorTarget {
    ColorTarget.allCases[bytes.count % 3]
  }

  @discardableResult
  private static func decode(_ bytes: [UInt8]) -> DecodedImage? {
    let header = try? ImageDecoder.header(of: bytes)
    do throws(DecodeError) {
      let image = try ImageDecoder.decode(
        bytes, into: target(bytes), limits: limits)
      precondition(header?.size.pixelCount == image.raster.size.pixelCount)
      encode(image)
      return image
    } catch {
      precondition(isOneLine(error.message))
      return nil
    }
  }

  /// Writes an image with all that stood beside its pixels.
  private static func encode(_ image: DecodedImage) {
    precondition(image.warnings.allSatisfy(isOneLine))
    guard image.raster.size.pixelCount <= 4_096 else { return }
    let annotations = image.annotations
    if let bytes = try? PNGEncoder().encode(
      image.raster, annotations: annotations)
    {
      let again = try? ImageDecoder.decode(bytes, into: .input)
      precondition(again?.raster.samples == image.raster.samples)
    }
    _ = try? JPEGEncoder().encode(image.raster, annotations: annotations)
  }

  private static func exif(_ bytes: [UInt8]) {
    var builder = PNGBuilder(width: 3, height: 2, bitDepth: 8, colorType: 2) {
      16 * $0 + 32 * $1 + $2
    }
    builder.lateChunks = [("eXIf", bytes)]
    decode(PNGRepair.repaired(builder.bytes()))
  }

  private static func profile(_ bytes: [UInt8]) {
    let form = bytes.first ?? 0
    let profile = Array(bytes.dropFirst())
    guard form & 7 != 7 else {
      // Inks are for JPEG alone.
      decode(FuzzSeeds.inks(profile))
      return
    }
    var builder = PNGBuilder(
      width: 3, height: 2, bitDepth: form & 8 == 0 ? 8 : 16,
      colorType: [0, 2, 4, 6][Int(form & 3)]
    ) { 16 * $0 + 32 * $1 + $2 }
    builder.chunks = [
      ("iCCP", Array("icc\0\0".utf8) + PNGBuilder.stored(profile))
    ]
    decode(PNGRepair.repaired(builder.bytes()))
  }

  private static func xmp(_ bytes: [UInt8]) {
    let orientation = ExifBuilder.tiff(orientation: 6, littleEndian: true)
    var builder = PNGBuilder(width: 3, height: 2, bitDepth: 8, colorType: 6) {
      16 * $0 + 32 * $1 + $2
    }
    builder.chunks = [("iTXt", Array("XML:com.adobe.xmp\0".utf8) + bytes)]
    // Without Exif it is XMP that turns.
    if bytes.count % 2 == 0 { builder.lateChunks = [("eXIf", orientation)] }
    decode(PNGRepair.repaired(builder.bytes()))
  }

  private static func palette(_ bytes: [UInt8]) {
    let formats = PaletteFormat.allCases
    let format = formats[Int(bytes.first ?? 0) % formats.count]
    let file = Array(bytes.dropFirst())
    _ = PaletteFormat.recognized(file)
    let colors: [PaletteColor]
    do throws(PaletteFileError) {
      colors = try format.read(format == .png ? PNGRepair.repaired(file) : file)
    } catch {
      precondition(isOneLine(error.message))
      return
    }
    precondition(!colors.isEmpty)
    guard colors.count <= 1_024 else { return }
    for other in formats {
      guard let written = try? other.write(colors) else { continue }
      // What was written is read again.
      guard let again = try? other.read(written) else {
        preconditionFailure("\(other) cannot be read again")
      }
      precondition(other == .png || again.count <= colors.count)
    }
  }

  private static func means(_ bytes: [UInt8]) {
    do throws(QuantizeError) {
      let model = try InitialMeans.parse(bytes, from: .standardStream)
      precondition(model.means.allSatisfy { (0...255).contains($0) })
    } catch {
      precondition(isOneLine(error.message))
    }
  }

  /// Whether text has no character that could command a terminal.
  private static func isOneLine(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy {
      $0.properties.generalCategory != .control
    }
  }
}
