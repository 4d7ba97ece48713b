import CImageShims
public import Rasters

/// Writes JPEG files, baseline unless optimised: YCbCr in a JFIF frame, which means sRGB unless
/// there is a profile.
///
/// The same image and options give the same bytes with the same version of
/// libjpeg.
public struct JPEGEncoder: Sendable {
  /// libjpeg's quality, 1 to 100.
  public var quality: Int

  /// The resolution of colour. Where it is `nil`, colour keeps all of it from
  /// quality 90 on; below, half of it in both directions.
  public var subsampling: ChromaSubsampling?

  /// Whether a progressive JPEG is made as well and the smaller of the two
  /// kept; both show the same pixels.
  public var optimizes = false

  /// Creates an encoder.
  ///
  /// - Parameters:
  ///   - quality: 1 to 100, checked by `encode`.
  ///   - subsampling: The resolution of colour; `nil` leaves it to the quality.
  public init(quality: Int = 90, subsampling: ChromaSubsampling? = nil) {
    self.quality = quality
    self.subsampling = subsampling
  }

  /// Writes an RGB image.
  ///
  /// - Parameters:
  ///   - raster: The image.
  ///   - annotations: What the file says beside the pixels. The density is
  ///     rounded to pixels an inch or a centimetre, whichever is nearer, and
  ///     left out where that is 0 or beyond 65,535.
  /// - Returns: The bytes of the file.
  /// - Throws: `EncodeError`: `.invalidOption`, `.alphaNotSupported` for an
  ///   RGBA raster, `.tooLarge` for a side over 65,500 pixels (where libjpeg
  ///   ends, just below the 65,535 of the format), `.annotationTooLong`,
  ///   `.outOfMemory`, `.failed`.
  /// - Complexity: O(pixels) time; memory for some 6 bytes a pixel beside the
  ///   raster, since the Huffman tables are fitted to the image.
  public func encode(
    _ raster: Raster, annotations: Annotations = Annotations()
  ) throws(EncodeError) -> [UInt8] {
    let size = raster.size
    guard (1...100).contains(quality) else {
      throw .invalidOption(
        name: "the JPEG quality", value: quality, allowed: 1...100)
    }
    guard raster.channels == .rgb else { throw .alphaNotSupported(.jpeg) }
    guard max(size.width, size.height) <= Self.maximumSide else {
      throw .tooLarge(
        format: .jpeg, width: size.width, height: size.height,
        maximumSide: Self.maximumSide)
    }
    let segments = try Self.segments(annotations)
    var layout = layout(annotations.density.flatMap(JPEGDensity.init))
    layout.width = UInt32(size.width)
    layout.height = UInt32(size.height)
    let baseline = try Self.write(raster, layout, segments)
    guard optimizes else { return baseline }
    layout.progressive = 1
    let progressive = try Self.write(raster, layout, segments)
    return progressive.count < baseline.count ? progressive : baseline
  }

  private static func write(
    _ raster: Raster, _ layout: qz_jpeg_layout, _ segments: [Segment]
  ) throws(EncodeError) -> [UInt8] {
    var layout = layout
    guard let writer = qz_jpeg_writer_create() else { throw .outOfMemory }
    defer { qz_jpeg_writer_destroy(writer) }
    var status = qz_jpeg_writer_write_header(writer, &layout)
    for segment in segments where status == QZ_OK {
      status = qz_jpeg_writer_write_segment(
        writer, segment.number, segment.bytes, segment.bytes.count)
    }
    if status == QZ_OK {
      status = qz_jpeg_writer_write_rows(
        writer, raster.samples, raster.size.width * 3, layout.height)
    }
    if status == QZ_OK { status = qz_jpeg_writer_finish(writer) }
    guard status == QZ_OK else {
      throw EncodeError(
        status, String(cString: qz_jpeg_writer_message(writer)), format: .jpeg)
    }
    var count = 0
    let bytes = qz_jpeg_writer_bytes(writer, &count)
    return Array(UnsafeBufferPointer(start: bytes, count: count))
  }

  private static let maximumSide = 65_500

  /// All of the layout but the size.
  private func layout(_ density: JPEGDensity?) -> qz_jpeg_layout {
    var layout = qz_jpeg_layout()
    layout.quality = UInt8(quality)
    layout.optimize = 1
    let subsampling = subsampling ?? (quality >= 90 ? .none : .both)
    layout.chroma_width_divisor = subsampling == .none ? 1 : 2
    layout.chroma_height_divisor = subsampling == .both ? 2 : 1
    if let density {
      layout.density_unit = density.unit
      layout.horizontal_density = density.horizontal
      layout.vertical_density = density.vertical
    }
    return layout
  }
}

extension JPEGEncoder {
  /// An APPn segment.
  private struct Segment {
    let number: Int32
    let bytes: [UInt8]
  }

  /// The bytes of a segment behind its length.
  private static let segmentRoom = 65_533

  /// The segments of annotations, in the order in which they are written.
  private static func segments(
    _ annotations: Annotations
  ) throws(EncodeError) -> [Segment] {
    var segments: [Segment] = []
    if let exif = annotations.exif {
      segments.append(
        try segment(1, "Exif\0\0", exif, name: "the Exif data"))
    }
    if let xmp = annotations.xmp {
      segments.append(
        try segment(
          1, "http://ns.adobe.com/xap/1.0/\0", xmp, name: "the XMP packet"))
    }
    if let profile = annotations.profile {
      segments += try profileSegments(profile)
    }
    return segments
  }

  private static func segment(
    _ number: Int32, _ mark: String, _ payload: [UInt8], name: String
  ) throws(EncodeError) -> Segment {
    let bytes = Array(mark.utf8) + payload
    guard bytes.count <= segmentRoom else {
      throw .annotationTooLong(
        format: .jpeg, name: name, count: payload.count,
        most: segmentRoom - mark.utf8.count)
    }
    return Segment(number: number, bytes: bytes)
  }

  /// A profile in numbered pieces, ICC.1 annex B.4.
  private static func profileSegments(
    _ profile: [UInt8]
  ) throws(EncodeError) -> [Segment] {
    let mark = Array("ICC_PROFILE\0".utf8)
    let room = segmentRoom - mark.count - 2
    let count = (profile.count + room - 1) / room
    guard count <= 255 else {
      throw .annotationTooLong(
        format: .jpeg, name: "the ICC profile", count: profile.count,
        most: 255 * room)
    }
    return (0..<count).map { piece in
      let bytes = profile[
        piece * room..<min((piece + 1) * room, profile.count)]
      return Segment(
        number: 2,
        bytes: mark + [UInt8(piece + 1), UInt8(count)] + bytes)
    }
  }
}
