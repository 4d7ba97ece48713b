/// Why a file was not read.
public enum DecodeError: Error, Equatable, Sendable {
  /// The file has no bytes.
  case empty

  /// The file is none of the formats that are read, but this.
  case notAnImage(FileSignature)

  /// The file breaks the rules of its format or ends too early.
  ///
  /// `reason` may be the words of a library. `keepsRows` is whether there are
  /// rows before the damage.
  case damaged(format: InputFormat, reason: String, keepsRows: Bool = false)

  /// An array of NumPy breaks the rules of its format or ends too early.
  case damagedArray(_ reason: String)

  /// A page is asked for that the file does not have, counted from 1.
  case noPage(Int, count: Int)

  /// A channel is asked for that the file does not have, counted from 1.
  case noChannel(Int, count: Int)

  /// The file is sound, but of a kind that would come out wrong.
  ///
  /// `what` names the feature with its article, `remedy` a way out.
  case unsupported(what: String, remedy: String)

  /// The image has more pixels than the caller allows.
  case tooLarge(width: Int, height: Int, maximumPixels: Int)

  /// The JPEG goes over so many pixels so many times that together they are
  /// more than the caller allows.
  case tooManyScans(Int, width: Int, height: Int, maximumPixels: Int)

  /// Something beside the pixels, with its article, has more bytes than the
  /// caller allows.
  case metadataTooLarge(
    format: InputFormat, what: String, maximumBytes: Int)

  /// There was no memory for the image of this many bytes, or for what the
  /// format needs beside it.
  case outOfMemory(bytes: Int)

  /// One line that says what is wrong and what can be done, beginning in
  /// lower case, without the file's name and without a full stop.
  ///
  /// Control characters that a file smuggled in are escaped.
  public var message: String {
    switch self {
    case .empty:
      return "the file is empty; download or export it again"
    case .notAnImage(let signature):
      let kind = "this is \(signature.phrase), not a \(InputFormat.list)"
      if signature == .numpy {
        return "\(kind); `quantize segment` reads arrays"
      }
      guard let ending = signature.convertibleExtension else {
        return "\(kind); name an image file"
      }
      return "\(kind); convert it first: `magick in.\(ending) out.png`"
    case .damaged(let format, let reason, let keepsRows):
      return "the \(format.name) is damaged (\(escaped(reason))); "
        + "download or export it again"
        + (keepsRows
          ? ", or use the rows before the damage with --keep-going" : "")
    case .damagedArray(let reason):
      return "the array is damaged (\(escaped(reason))); save it again"
    case .noPage(let page, let count):
      return "there is no page \(page); "
        + (count == 1 ? "the file has one" : "the pages are 1 to \(count)")
    case .noChannel(let channel, let count):
      return "there is no channel \(channel); "
        + (count == 1 ? "the file has one" : "the channels are 1 to \(count)")
    case .unsupported(let what, let remedy):
      return "\(escaped(what)) cannot be read yet; \(escaped(remedy))"
    case .tooLarge(let width, let height, let maximumPixels):
      return "the image has \(width) x \(height) pixels, more than the "
        + "\(maximumPixels) allowed; scale it down or crop it first, or allow "
        + "it with --max-pixels \(product(width, height))"
    case .tooManyScans(let scans, let width, let height, let maximumPixels):
      return "the JPEG has \(scans) scans of \(width) x \(height) pixels, "
        + "together more than the \(maximumPixels) pixels allowed; download or "
        + "export it again, or allow it with --max-pixels "
        + "\(product(product(width, height), scans))"
    case .metadataTooLarge(let format, let what, let maximumBytes):
      return "the \(format.name) has \(escaped(what)) larger than the "
        + "\(maximumBytes) bytes allowed; remove its metadata, or allow more "
        + "with --max-metadata"
    case .outOfMemory(let bytes):
      return "there is not enough memory for the image of \(bytes) bytes; "
        + "scale it down or crop it first"
    }
  }

  /// The product, or the greatest number there is.
  private func product(_ a: Int, _ b: Int) -> Int {
    let (product, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? .max : product
  }
}
