import CSoftShims
import ParallelWork
import Rasters

/// Reads a TIFF as channels: the samples of its pixels as numbers, of any number of
/// samples and pages.
///
/// Where ImageJ or OME say that pages are channels of one image, they become those,
/// and what is left of the pages are planes of a stack.
final class TIFFChannels {
  private let handle: OpaquePointer

  /// The bytes of the file.
  private let count: Int

  /// The pages that are images of their own, and no smaller versions or masks.
  private let headers: [(page: Int, layout: qz_tiff_header)]

  /// What the pages mean.
  private let layout: ChannelLayout

  /// Reads the headers of all pages.
  ///
  /// - Parameter bytes: The file; it stays where it is.
  /// - Throws: `DecodeError.damaged`, `.unsupported` or `.outOfMemory`.
  init(_ bytes: UnsafeBufferPointer<UInt8>) throws(DecodeError) {
    guard qz_tiff_load() != 0 else { throw TIFFPage.missingLibrary }
    guard let handle = qz_tiff_reader_create(bytes.baseAddress, bytes.count)
    else { throw .outOfMemory(bytes: bytes.count) }
    self.handle = handle
    count = bytes.count
    do {
      headers = try TIFFPage.headers(of: handle)
      // The description is that of the first page.
      _ = try TIFFPage.header(headers[0].page, of: handle)
    } catch {
      qz_tiff_reader_destroy(handle)
      throw error
    }
    layout = ChannelLayout(
      description: qz_tiff_reader_text(handle, 270).map {
        String(cString: $0)
      } ?? "",
      labels: ImageJLabels.read(
        counts: Self.field(handle, 50_838, bytes: 4),
        Self.field(handle, 50_839, bytes: 1)),
      pages: headers.count, samples: Int(headers[0].layout.samples))
  }

  deinit { qz_tiff_reader_destroy(handle) }

  private var first: qz_tiff_header { headers[0].layout }

  /// Whether the samples of a pixel are more than those of a picture, or the file
  /// says that they are channels.
  var areChannels: Bool {
    let colors = [0: 1, 1: 1, 2: 3, 3: 1, 5: 4][Int(first.photometric)]
    guard let colors else { return true }
    let extra = Int(first.samples) - colors
    return layout.channelsInPages > 1 || extra > 1
      || (extra == 1 && colors == 4)
      || (extra == 1 && colors == 1 && first.extra_kind == 0)
  }

  /// The elements of a field of whole numbers.
  private static func field(
    _ handle: OpaquePointer, _ tag: UInt32, bytes: Int
  ) -> [UInt8] {
    var count = 0
    guard let start = qz_tiff_reader_field(handle, tag, bytes, &count) else {
      return []
    }
    return Array(UnsafeBufferPointer(start: start, count: count * bytes))
  }

  /// Where on the Earth the image is: GeoTIFF 1.1 (OGC 19-008r4, section 7).
  /// Of images that are turned there is none.
  var georeference: [TIFFTag] {
    guard ExifOrientation(Int(first.orientation)) ?? .upright == .upright else {
      return []
    }
    return [
      (33_550, 8), (33_922, 8), (34_264, 8), (34_735, 2), (34_736, 8),
      (34_737, 1),
    ].compactMap { tag, bytes in
      let elements = Self.field(handle, UInt32(tag), bytes: bytes)
      guard !elements.isEmpty else { return nil }
      return TIFFTag(
        number: UInt16(tag), count: elements.count / bytes, bytes: elements)
    }
  }

  /// Reads pages.
  ///
  /// - Throws: `DecodeError`.
  func file(
    _ selection: PageSelection, _ limits: DecodeLimits
  ) throws(DecodeError) -> ChannelFile {
    let planes = try selection.numbers(of: layout.planes)
    let chosen = planes.map { plane in
      (0..<layout.channelsInPages).map { layout.page(plane, channel: $0) }
    }
    let (_, stored) = try TIFFPage.header(headers[0].page, of: handle)
    for page in chosen.joined() {
      try check(headers[page].layout, stored, number: page)
    }
    let least = chosen.joined().reduce(0) {
      $0 + TIFFPage.leastBytes(of: headers[$1].layout)
    }
    guard least <= Double(count) else {
      throw .damaged(
        format: .tiff, reason: "the file is too short for its pages")
    }
    let samples = Int(first.samples)
    let channels = samples * layout.channelsInPages
    try ChannelDecoder.check(
      stored, pages: planes.count, channels: channels, limits)
    let orientation =
      ExifOrientation(Int(first.orientation)) ?? .upright
    var numbers = [Float](
      repeating: 0, count: stored.pixelCount * planes.count * channels)
    for (place, pages) in chosen.enumerated() {
      for (group, page) in pages.enumerated() {
        // Channel after channel, in each plane after plane.
        try read(
          page, stored, orientation, into: &numbers,
          at: { sample in
            ((group * samples + sample) * planes.count + place)
              * stored.pixelCount
          })
      }
    }
    // The place is that of the first page.
    _ = try TIFFPage.header(headers[0].page, of: handle)
    let kind = [1: "", 2: " signed", 3: " float"][Int(first.format)] ?? ""
    return ChannelFile(
      image: ChannelImage(
        size: orientation.shownSize(stored), pages: planes.count,
        names: layout.names(channels), samples: numbers),
      georeference: georeference,
      warnings: selection == .first && layout.planes > 1
        ? [
          "the TIFF has \(layout.planes) pages; the first is read (--page "
            + "chooses)"
        ] : [],
      kind: "\(first.bits)-bit\(kind) TIFF")
  }

  private func check(
    _ header: qz_tiff_header, _ size: ImageSize, number: Int
  ) throws(DecodeError) {
    guard header.width == first.width, header.height == first.height,
      header.samples == first.samples
    else {
      throw .unsupported(
        what: "a TIFF whose page \(number + 1) has another size or number of "
          + "channels than the first",
        remedy: "choose pages with --page")
    }
    guard TIFFSampleScale(header).isKnown else {
      throw .unsupported(
        what: "a TIFF of \(header.bits)-bit samples of format "
          + "\(header.format)",
        remedy: "save it as whole numbers or floats")
    }
    guard
      withUnsafePointer(
        to: header, { qz_tiff_reader_can_decode(handle, $0) != 0 })
    else {
      throw .unsupported(
        what: "a TIFF of compression \(header.compression)",
        remedy: "save it without compression")
    }
    try TIFFPage.checkBlocks(of: header, size)
  }

  /// Reads a page.
  ///
  /// - Parameters:
  ///   - number: The page.
  ///   - size: Its size.
  ///   - orientation: How it is turned.
  ///   - numbers: Room for all samples.
  ///   - place: Where those of a sample of its pixels begin.
  /// - Throws: `DecodeError.damaged`.
  private func read(
    _ number: Int, _ size: ImageSize, _ orientation: ExifOrientation,
    into numbers: inout [Float], at place: (Int) -> Int
  ) throws(DecodeError) {
    let (header, _) = try TIFFPage.header(headers[number].page, of: handle)
    // What was checked must be what is read.
    guard TIFFPage.areAlike(header, headers[number].layout) else {
      throw damage
    }
    let scale = TIFFSampleScale(header)
    let blocks = TIFFBlocks(header, handle)
    let samples = Int(header.samples)
    let starts = (0..<samples).map(place)
    let height = Int(header.block_height)
    for first in stride(from: 0, to: size.height, by: height) {
      let count = min(height, size.height - first)
      let isWhole = numbers.withUnsafeMutableBufferPointer { numbers in
        blocks.forEachRun(from: first, count) { start, count, at, step in
          var (pixel, sample) = at.quotientAndRemainder(dividingBy: samples)
          pixel += first * size.width
          scale.readNumbers(start, count) { _, value in
            numbers[starts[sample] + pixel] = value
            sample += step
            if sample >= samples {
              sample -= samples
              pixel += 1
            }
          }
        }
      }
      guard isWhole else { throw damage }
    }
    guard orientation != .upright else { return }
    let workers = Workers(threads: 1)
    numbers.withUnsafeMutableBufferPointer { numbers in
      for start in starts {
        let plane = UnsafeMutableBufferPointer(
          rebasing: numbers[start..<start + size.pixelCount])
        var copy = Array(plane)
        copy.withUnsafeMutableBufferPointer { copy in
          orientation.turn(
            SharedMemory(copy), size, into: SharedMemory(plane), workers)
        }
      }
    }
  }

  private var damage: DecodeError {
    TIFFPage.damage(of: handle, "a strip or tile is too short")
  }
}
