import ImageFormats
import ParallelWork
import Rasters

/// Gives the rows of an image that is read strip by strip, to whoever goes
/// through them from the top, once or more often.
///
/// Once the file has changed it gives rows as good as any, and says so at the end
/// (``failure``): nothing that was written by then may be kept.
final class RowReader: PixelRows {
  private struct State {
    var pass: StreamedSource.Pass?

    /// What was read last.
    var pixels: Pixels?
    var first = 0
    var failure: QuantizeError?
  }

  /// Width and height.
  let size: ImageSize

  private let source: StreamedSource
  private let state = Monitor(State())

  /// Prepares to read.
  ///
  /// - Parameter source: The image.
  init(_ source: StreamedSource) {
    self.source = source
    size = source.size
  }

  /// What went wrong so far, if anything.
  var failure: QuantizeError? { state.withLock(\.failure) }

  /// Pixels that hold some rows.
  func window(_ rows: Range<Int>) -> (pixels: Pixels, first: Int) {
    state.withLock { state in
      if state.failure == nil {
        do throws(QuantizeError) {
          try read(rows, &state)
        } catch {
          state.failure = error
        }
      }
      if state.failure == nil, let pixels = state.pixels {
        return (pixels, state.first)
      }
      return (substitute(rows.count), rows.lowerBound)
    }
  }

  /// Reads on until some rows are there.
  private func read(
    _ rows: Range<Int>, _ state: inout State
  ) throws(QuantizeError) {
    if state.pass == nil || rows.lowerBound < state.first {
      state.pass = try source.pass()
      state.pixels = nil
      state.first = 0
    }
    while state.first + (state.pixels?.size.height ?? 0) < rows.upperBound {
      guard let next = try state.pass?.next() else {
        preconditionFailure("more rows than the image has")
      }
      if let last = state.pixels,
        state.first + last.size.height > rows.lowerBound
      {
        // Only what is asked for, and beyond.
        let start = max(0, rows.lowerBound - state.first)
        state.pixels = last.strip(start..<last.size.height).stacked(on: next)
        state.first += start
      } else {
        state.first += state.pixels?.size.height ?? 0
        state.pixels = next
      }
    }
  }

  /// Rows of a colour that the image has.
  private func substitute(_ rows: Int) -> Pixels {
    var row = source.firstRow
    while row.size.height < rows {
      row = row.stacked(
        on: row.strip(0..<min(row.size.height, rows - row.size.height)))
    }
    return row
  }
}
