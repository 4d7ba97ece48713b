import ParallelWork
import Rasters

/// An image file that is being read, from its first row to its last.
///
/// A reader opens a file, reads its header, and then hands out rows as the file
/// has them: colours are converted and turned by whoever asked for them. Calls
/// come in the order `init`, `select`, `check`, `colors`, `read` until all rows were read,
/// `finish`, `annotations`.
protocol ImageReader: AnyObject {
  /// Reads everything before the image data.
  ///
  /// - Parameters:
  ///   - bytes: The file. Bytes in memory stay where they are for as long as
  ///     the reader lives; a descriptor may be closed after `check`.
  ///   - limits: The most that the file may ask for.
  /// - Throws: `DecodeError.damaged`, `.unsupported`, `.metadataTooLarge` or
  ///   `.outOfMemory`.
  init(_ bytes: ImageBytes, _ limits: DecodeLimits) throws(DecodeError)

  /// Turns to a page, before anything else is asked.
  ///
  /// - Parameter page: Counted from 1.
  /// - Throws: `DecodeError.noPage` where it is not there, or `.damaged`.
  func select(_ page: Int) throws(DecodeError)

  /// Format, size and kind.
  var header: ImageHeader { get }

  /// Samples a pixel in the rows, 3 or 4.
  var channels: Int { get }

  /// Whether the fourth sample is alpha.
  var hasAlpha: Bool { get }

  /// Bytes a sample, 1 or 2.
  var sampleBytes: Int { get }

  /// The rows that are sound where `read` or `finish` found damage; 0 where no
  /// row is whole before the end of the file.
  var soundRows: Int { get }

  /// Whether a file that is too short has rows that are whole.
  var keepsRows: Bool { get }

  /// Why the image cannot be read strip by strip, as far as the header tells.
  var obstacle: ImageStream.Obstacle? { get }

  /// Whether a file of `count` bytes can hold the image at all.
  func fits(in count: Int) -> Bool

  /// Refuses a file that cannot be read faithfully, or takes more work than
  /// the limits allow. Size and metadata are looked at elsewhere.
  ///
  /// - Throws: `DecodeError.unsupported` or `.tooManyScans`.
  func check(_ bytes: ImageBytes, _ limits: DecodeLimits) throws(DecodeError)

  /// The way of the samples' colours to a space.
  ///
  /// - Throws: `DecodeError.unsupported` or `.metadataTooLarge`.
  func colors(
    _ target: ColorTarget, _ limits: DecodeLimits
  ) throws(DecodeError) -> ColorManagement

  /// Reads the next rows.
  ///
  /// - Parameters:
  ///   - rows: How many; all where there is an obstacle but `.turned`.
  ///   - samples: Room for them, `sampleBytes` each in the machine's order.
  /// - Throws: `DecodeError`.
  func read(
    _ rows: Int, into samples: UnsafeMutableRawBufferPointer
  ) throws(DecodeError)

  /// Gives the first rows of a file that is in memory, after `read` of all rows
  /// found damage behind them.
  ///
  /// - Parameters:
  ///   - rows: `soundRows`.
  ///   - samples: The beginning of the room that `read` was given.
  /// - Throws: `DecodeError`.
  func recover(
    _ rows: Int, into samples: UnsafeMutableRawBufferPointer
  ) throws(DecodeError)

  /// Reads the rest of the file, after all rows.
  ///
  /// - Throws: `DecodeError`.
  func finish() throws(DecodeError)

  /// The annotations of the file, as far as it was read.
  ///
  /// - Throws: `DecodeError.metadataTooLarge`.
  func annotations() throws(DecodeError) -> Annotations

  /// The frames of an animation that are not in the rows, once all of the file
  /// was read.
  var omittedFrames: Int { get }

  /// A line for each part of the file that was ignored.
  var warnings: [String] { get }
}

extension ImageReader {
  /// Width and height in pixels.
  var size: ImageSize { header.size }

  /// Whether rows are whole before the end of the file.
  var isSequential: Bool {
    switch obstacle {
    case .interlaced, .severalScans, .decodedAtOnce: false
    case .largeStrips, .turned, nil: true
    }
  }

  /// Reads all rows, some at a time where that can be, and tells how many are
  /// done.
  ///
  /// - Parameters:
  ///   - samples: Room for them.
  ///   - tell: Is told how many rows there are.
  /// - Throws: `DecodeError`.
  func readAll(
    into samples: UnsafeMutableRawBufferPointer,
    telling tell: (_ rows: Int) -> Void = { _ in }
  ) throws(DecodeError) {
    let rows = size.height
    guard isSequential else {
      try read(rows, into: samples)
      return tell(rows)
    }
    let meter = WorkMeter.current
    let stride = samples.count / rows
    var row = 0
    while row < rows {
      let end = min(rows, row + 64)
      try read(
        end - row,
        into: UnsafeMutableRawBufferPointer(
          rebasing: samples[row * stride..<end * stride]))
      row = end
      tell(row)
      meter?.tell(row, of: rows)
    }
  }

  /// Rows that come one after the other are there until the file ends.
  var keepsRows: Bool { isSequential }

  /// Rows stand where `read` has put them.
  func recover(
    _: Int, into _: UnsafeMutableRawBufferPointer
  ) throws(DecodeError) {}

  /// Formats have one page, unless a reader says otherwise.
  func select(_ page: Int) throws(DecodeError) {
    guard page == 1 else { throw .noPage(page, count: 1) }
  }

  /// Formats have one image, unless a reader says otherwise.
  var omittedFrames: Int { 0 }

  /// Samples are taken at their word where the reader has nothing to refuse.
  func check(_: ImageBytes, _: DecodeLimits) throws(DecodeError) {}
}

extension InputFormat {
  /// Recognises a file by its content.
  ///
  /// - Throws: `DecodeError.empty` or `.notAnImage`.
  init(of bytes: ImageBytes) throws(DecodeError) {
    try self.init(beginning: bytes.bytes(FileSignature.mostBytes))
  }

  /// Recognises a file by its first bytes.
  ///
  /// - Parameter start: `FileSignature.mostBytes` of them, or all.
  /// - Throws: `DecodeError.empty` or `.notAnImage`.
  package init(beginning start: [UInt8]) throws(DecodeError) {
    let signature = FileSignature.of(start)
    guard signature != .empty else { throw .empty }
    guard let format = InputFormat(signature) else {
      throw .notAnImage(signature)
    }
    self = format
  }

  /// Opens a file of any of the formats.
  ///
  /// - Parameters:
  ///   - bytes: The file.
  ///   - limits: The most that it may ask for; more is refused before memory is
  ///     taken.
  ///   - page: The page that is read, from 1; `nil` for the first, with a
  ///     warning where there are more.
  ///   - keepsGoing: Whether the file may be too short for its pixels.
  /// - Returns: A reader whose next call is `colors` or `read`.
  /// - Throws: `DecodeError`.
  static func open(
    _ bytes: ImageBytes, _ limits: DecodeLimits, page: Int?,
    keepsGoing: Bool = false
  ) throws(DecodeError) -> any ImageReader {
    let format = try InputFormat(of: bytes)
    let reader = try format.reader.init(bytes, limits)
    if let page { try reader.select(page) }
    let size = reader.size
    guard size.pixelCount <= limits.pixels else {
      throw .tooLarge(
        width: size.width, height: size.height, maximumPixels: limits.pixels)
    }
    guard keepsGoing || reader.fits(in: bytes.count) else {
      throw .damaged(
        format: format,
        reason: "the file is too short for \(size.width) x \(size.height) "
          + "pixels", keepsRows: reader.keepsRows)
    }
    try reader.check(bytes, limits)
    return reader
  }
}
