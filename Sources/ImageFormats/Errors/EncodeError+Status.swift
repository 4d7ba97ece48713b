import CImageShims

extension EncodeError {
  /// The error for a status of the C shims other than `QZ_OK`, and the message
  /// that came with it.
  init(_ status: qz_status, _ reason: String, format: OutputFormat) {
    self =
      status == QZ_NO_MEMORY
      ? .outOfMemory : .failed(format: format, reason: reason)
  }
}
