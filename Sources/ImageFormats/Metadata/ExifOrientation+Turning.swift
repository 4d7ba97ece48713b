import ParallelWork
import Rasters

extension ExifOrientation {
  /// The size that an image of this orientation is shown in.
  ///
  /// - Parameter stored: Its size in the file.
  /// - Returns: The same, or with width and height exchanged.
  func shownSize(_ stored: ImageSize) -> ImageSize {
    guard swapsAxes else { return stored }
    // The pixels are as many as before, so there is such a size.
    return ImageSize(width: stored.height, height: stored.width) ?? stored
  }

  /// Copies pixels from where they are stored to where they are shown.
  ///
  /// - Parameters:
  ///   - stored: All pixels of an image of this orientation.
  ///   - size: Its size in the file.
  ///   - shown: Room for as many.
  ///   - workers: The threads to use.
  /// - Complexity: O(pixels).
  func turn<Pixel: BitwiseCopyable>(
    _ stored: SharedMemory<Pixel>, _ size: ImageSize,
    into shown: SharedMemory<Pixel>, _ workers: Workers
  ) {
    let across = reversesColumns ? -1 : 1
    let down = reversesRows ? -size.width : size.width
    let first =
      (reversesColumns ? size.width - 1 : 0)
      + (reversesRows ? size.pixelCount - size.width : 0)
    let (stepX, stepY) = swapsAxes ? (down, across) : (across, down)
    let shownSize = shownSize(size)
    // In tiles: the stored rows that a tile touches stay in the cache.
    let tile = 64
    workers.forEach((shownSize.height + tile - 1) / tile) { band in
      let rows = band * tile..<min(shownSize.height, (band + 1) * tile)
      for left in stride(from: 0, to: shownSize.width, by: tile) {
        let right = min(shownSize.width, left + tile)
        for y in rows {
          let row = shown.start + y * shownSize.width
          var source = stored.start + (first + left * stepX + y * stepY)
          for x in left..<right {
            row[x] = source.pointee
            if x + 1 < right { source += stepX }
          }
        }
      }
    }
  }
}
