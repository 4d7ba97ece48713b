import ImageFormats
import Quantization

/// An image file that was opened, and whose header was looked at.
struct InputImage {
  /// The file.
  let location: FileLocation

  private let options: QuantizeOptions
  private let budget: MemoryBudget
  private let isSoft: Bool

  /// The file, if it is one that can be read more than once.
  private let file: StreamedFile?
  private let survey: ImageStream.Survey?

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - location: The file, or standard input.
  ///   - options: How it will be quantised.
  ///   - budget: The memory that it may take.
  ///   - isSoft: Whether the posterior is written too.
  /// - Throws: `QuantizeError.unreadable`, or `.decode` for a file whose header
  ///   is refused.
  /// - Complexity: Reads no further than the image data.
  init(
    _ location: FileLocation, _ options: QuantizeOptions,
    _ budget: MemoryBudget, isSoft: Bool = false
  ) throws(QuantizeError) {
    self.location = location
    self.options = options
    self.budget = budget
    self.isSoft = isSoft
    file = try StreamedFile(location)
    survey = try file?.survey(options.decoding)
  }

  /// The size of the file in bytes; `nil` of standard input and pipes.
  var fileBytes: Int? { file?.bytes }

  /// How much memory the image needs when all of its pixels are in memory; `nil`
  /// where that is not known before.
  var need: Int? {
    guard let file, let survey else { return nil }
    return MemoryBudget.need(
      survey, fileBytes: file.bytes, options, isSoft: isSoft)
  }

  /// Refuses an image that needs more memory than the user allowed and cannot
  /// be read strip by strip.
  ///
  /// - Parameter obstacle: Why all pixels have to be in memory at once, if they
  ///   have to.
  /// - Throws: `QuantizeError.cannotStream`.
  func check(
    wholeBecause obstacle: String?
  ) throws(QuantizeError) {
    guard budget.isGiven, let need, need > budget.bytes,
      let reason = obstacle ?? survey?.obstacle?.reason
    else { return }
    throw refusal(reason, need)
  }

  private func refusal(_ reason: String, _ need: Int) -> QuantizeError {
    .cannotStream(
      location, reason: reason, bytes: need, budget: budget.bytes)
  }

  /// Reads the image and counts its colours: here, and nowhere else, it is
  /// decided whether it is in memory as a whole or read strip by strip.
  ///
  /// - Parameters:
  ///   - obstacle: Why all pixels have to be in memory at once, if they have to.
  ///   - monitor: Receives warnings and stages.
  /// - Returns: The image.
  /// - Throws: `QuantizeError.inputOutput`, `.decode`, or `.cannotStream` where
  ///   all pixels have to be in memory and the user allowed less.
  /// - Complexity: O(pixels + bytes).
  func source(
    wholeBecause obstacle: String?, _ monitor: JobMonitor
  ) throws(QuantizeError) -> any ImageSource {
    guard let file, let survey, let need, need > budget.bytes else {
      return try wholeSource(monitor)
    }
    if let obstacle = obstacle ?? survey.obstacle?.reason {
      return try wholeSource(despite: obstacle, need, monitor)
    }
    let source = try StreamedSource(file, options, monitor)
    if let obstacle = source.obstacle?.reason {
      return try wholeSource(despite: obstacle, need, monitor)
    }
    return source
  }

  /// From how many pixels on colours are counted while an image is decoded.
  private static let fewestFollowed = 1 << 18

  private func wholeSource(
    _ monitor: JobMonitor
  ) throws(QuantizeError) -> DecodedSource {
    let bytes = try InputFile.read(location, limits: options.decoding.limits)
    monitor.start(.decode)
    // With one thread or few pixels there is nothing to gain.
    let pixels = survey?.size.pixelCount ?? 0
    let counter =
      options.decoding.threads > 1 && pixels >= Self.fewestFollowed
      ? ArrivingPixels(threads: options.decoding.threads) : nil
    let file = try options.decoding.decode(
      bytes, of: location, followed: counter?.count, events: monitor.tell)
    return DecodedSource(
      file, options, counted: counter?.histogram(of: file.pixels.size))
  }

  /// Reads an image that needs more memory than there should be in use.
  private func wholeSource(
    despite obstacle: String, _ need: Int, _ monitor: JobMonitor
  ) throws(QuantizeError) -> DecodedSource {
    guard !budget.isGiven else { throw refusal(obstacle, need) }
    monitor.tell(
      .warning(
        location,
        "\(obstacle), so the image needs about \(need >> 20) MiB of memory"))
    return try wholeSource(monitor)
  }
}

extension ImageStream.Obstacle {
  /// The obstacle as a clause for messages.
  var reason: String {
    switch self {
    case .interlaced: "the image is interlaced"
    case .severalScans: "the JPEG is progressive or has several scans"
    case .largeStrips: "the TIFF has few strips, or large tiles"
    case .decodedAtOnce: "files of this kind are decoded at once"
    case .turned: "the image is stored rotated or mirrored"
    }
  }
}
