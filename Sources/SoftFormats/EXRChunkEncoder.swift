import CSoftShims

/// One chunk of an OpenEXR file, compressed and not yet written.
///
/// - Note: Marked Sendable because one thread makes it and another writes it,
///   one after the other.
struct EXRChunkEncoder: @unchecked Sendable {
  /// What went wrong in compressing; 0 where nothing did.
  let status: exr_result_t

  /// The library's state. It holds pointers into itself and must stay in place.
  private let pipeline: UnsafeMutablePointer<exr_encode_pipeline_t>

  private let context: EXRContext
  private let writer:
    (
      @convention(c) (UnsafeMutablePointer<exr_encode_pipeline_t>?) ->
        exr_result_t
    )?

  /// Compresses a chunk.
  ///
  /// - Parameters:
  ///   - rows: Its rows.
  ///   - width: Pixels in a row.
  ///   - part: The number of the part.
  ///   - channels: Its channels.
  ///   - context: The file.
  ///   - planes: Gives the samples of rows, channel after channel.
  init(
    _ rows: Range<Int>, _ width: Int, _ part: Int, _ channels: [EXRChannel],
    _ context: EXRContext, _ planes: (Range<Int>) -> [[Float]]
  ) {
    self.context = context
    let exr = context.library.functions
    pipeline = .allocate(capacity: 1)
    pipeline.initialize(to: exr_encode_pipeline_t())
    var chunk = exr_chunk_info_t()
    let part = Int32(truncatingIfNeeded: part)
    var result = exr.exr_write_scanline_chunk_info(
      context.handle, part, Int32(truncatingIfNeeded: rows.lowerBound), &chunk)
    if result == 0 {
      result = exr.exr_encoding_initialize(
        context.handle, part, &chunk, pipeline)
    }
    guard result == 0 else {
      status = result
      writer = nil
      return
    }
    let samples = planes(rows).flatMap(\.self)
    let places = Dictionary(
      uniqueKeysWithValues: channels.enumerated().map {
        ($0.element.name, $0.offset)
      })
    let pipeline = pipeline
    let size = rows.count * width
    (status, writer) = samples.withUnsafeBytes { samples in
      for i in 0..<Int(pipeline.pointee.channel_count) {
        guard let channel = pipeline.pointee.channels?.advanced(by: i),
          let name = channel.pointee.channel_name,
          let place = places[String(cString: name)],
          let first = samples.baseAddress
        else { continue }
        channel.pointee.user_bytes_per_element = 4
        channel.pointee.user_data_type = UInt16(EXR_PIXEL_FLOAT.rawValue)
        channel.pointee.user_pixel_stride = 4
        channel.pointee.user_line_stride = Int32(4 * width)
        channel.pointee.encode_from_ptr = first.advanced(by: 4 * place * size)
          .assumingMemoryBound(to: UInt8.self)
      }
      var result = exr.exr_encoding_choose_default_routines(
        context.handle, part, pipeline)
      let writer = pipeline.pointee.write_fn
      // Nothing is waited for and written yet.
      pipeline.pointee.yield_until_ready_fn = { _ in 0 }
      pipeline.pointee.write_fn = { _ in 0 }
      if result == 0 {
        result = exr.exr_encoding_run(context.handle, part, pipeline)
      }
      return (result, writer)
    }
  }

  /// Writes the chunk; chunks are written in the order of their rows.
  func write() -> exr_result_t {
    writer?(pipeline) ?? 0
  }

  /// Frees the memory.
  func destroy() {
    _ = context.library.functions.exr_encoding_destroy(context.handle, pipeline)
    pipeline.deinitialize(count: 1)
    pipeline.deallocate()
  }
}
