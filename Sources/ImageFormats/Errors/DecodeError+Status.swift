import CImageShims

extension DecodeError {
  /// The error for a status of the C shims other than `QZ_OK`.
  ///
  /// - Parameters:
  ///   - status: The status.
  ///   - reason: The message that came with it.
  ///   - format: The format that was being read.
  ///   - bytes: The bytes that were wanted, should memory have run out.
  ///   - limits: Those that the library was given.
  ///   - keepsRows: Whether rows were read before the damage, if it is damage.
  init(
    _ status: qz_status, _ reason: String, format: InputFormat, bytes: Int,
    limits: DecodeLimits = DecodeLimits(), keepsRows: Bool = false
  ) {
    switch status {
    case QZ_NO_MEMORY:
      self = .outOfMemory(bytes: bytes)
    case QZ_TOO_LARGE:
      self = .metadataTooLarge(
        format: format, what: reason, maximumBytes: limits.metadataBytes)
    case QZ_UNSUPPORTED:
      let ending = format.fileExtensions[0]
      self = .unsupported(
        what: "a \(format.name) of this kind (\(reason))",
        remedy: "convert it first: `magick in.\(ending) out.png`")
    default:
      self = .damaged(
        format: format, reason: reason, keepsRows: keepsRows)
    }
  }
}
