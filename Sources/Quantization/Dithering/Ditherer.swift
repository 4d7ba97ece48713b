public import ParallelWork
public import Rasters
import Foundation

/// Dithers an image.
public struct Ditherer: Sendable {
  let options: DitherOptions
  let workers: Workers

  /// Prepares to dither.
  public init(_ options: DitherOptions, workers: Workers) {
    self.options = options
    self.workers = workers
  }

  /// Dithers.
  public func dither(
    _ pixels: Pixels, _ histogram: ColorHistogram, _ assignment: ColorAssignment
  ) -> IndexedImage {
    let space = histogram.space
    let field = DitherField(
      pixels, histogram, nearest: assignment.entries, workers)
    guard case .errorDiffusion(let kernel) = options.method else {
      preconditionFailure()
    }
    let diffusion = ErrorDiffusion(kernel: kernel, strength: options.strength)
    var colors = assignment.palette.colors
    let bands = Array(0..<ErrorDiffusion.bands(pixels.size.height))
    var indices = [UInt16](repeating: 0, count: pixels.size.pixelCount)
    func points(_ colors: [RGBColor]) -> [SIMD4<Double>] {
      colors.map { space.point($0) }
    }
    func run(_ colors: [RGBColor], _ memory: SharedMemory<UInt16>) {
      let palette = DitherPalette(points(colors).map { SIMD4<Float>($0) })
      workers.forEach(bands.count) { band in
        diffusion.dither(bands[band], of: field, with: palette, into: memory)
        if Knobs.sweeps > 0 {
          DirectSearch(
            correlation: DitherAwarePalette(
              sigma: Double(Knobs.sigma), damping: 0).correlation.map {
                Float($0)
              }, lambda: Knobs.lambda, sweeps: Knobs.sweeps
          ).improve(bands[band], of: field, with: palette, memory)
        }
      }
    }
    let aware = DitherAwarePalette(sigma: Double(Knobs.sigma), damping: Knobs.damp)
    indices.withUnsafeMutableBufferPointer { buffer in
      let memory = SharedMemory(buffer)
      let t0 = Date()
      run(colors, memory)
      let t1 = Date()
      var log = "dither \(t1.timeIntervalSince(t0)*1000)\n"
      guard options.rounds > 0 else { FileHandle.standardError.write(log.data(using: .utf8)!); return }
      let blurred = aware.blurred(field, bands: bands, workers)
      log += "blur \(Date().timeIntervalSince(t1)*1000)\n"
      var normal = aware.normal(
        memory, field, bands: bands, blurred: blurred, entries: colors.count,
        workers)
      var best = (
        colors: colors, objective: aware.objective(normal, points(colors)),
        indices: Array(buffer)
      )
      for _ in 0..<options.rounds {
        let t2 = Date()
        let solved = aware.solve(normal, from: points(colors))
        colors = solved.map {
          space.color($0, isOpaque: true, .none).color
        }
        let t3 = Date()
        run(colors, memory)
        let t4 = Date()
        normal = aware.normal(
          memory, field, bands: bands, blurred: blurred,
          entries: colors.count, workers)
        let objective = aware.objective(normal, points(colors))
        log += "solve \(t3.timeIntervalSince(t2)*1000) dither \(t4.timeIntervalSince(t3)*1000) normal \(Date().timeIntervalSince(t4)*1000) objective \(objective)\n"
        if objective < best.objective {
          best = (colors, objective, Array(buffer))
        }
      }
      FileHandle.standardError.write(log.data(using: .utf8)!)
      colors = best.colors
      for i in buffer.indices { buffer[i] = best.indices[i] }
    }
    return IndexedImage(
      size: pixels.size, palette: colors, indices: indices.map { UInt8($0) })
  }
}
