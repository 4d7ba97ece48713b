// Reduces an image to a palette, and writes a PNG.
import ImageFormats
import Quantization
import Rasters
import TruncatedEM

// snippet.hide
// A picture of 64 × 64 pixels takes the place of a file.
var samples: [UInt8] = []
for y in 0..<64 {
  for x in 0..<64 {
    samples += [UInt8(x * 4), UInt8(y * 4), UInt8((x ^ y) * 4)]
  }
}
guard let size = ImageSize(width: 64, height: 64) else {
  preconditionFailure("64 × 64 is a size")
}
let file = try PNGEncoder().encode(
  Raster(size: size, channels: .rgb, samples: samples))
// snippet.show

// snippet.quantise
// `file` holds the bytes of a PNG or JPEG.
let image = try ImageDecoder.decode(file)
let quantizer = try Quantizer(colors: 16)
let result = try quantizer.quantize(image.pixels)

for entry in result.palette.entries {
  print(entry.color, entry.count)
}
print(result.distortion.peakSignalToNoiseRatio, "dB")
// snippet.end

// snippet.write
let png: [UInt8]
switch result.mapped {
case .indexed(let indexed):
  png = try PNGEncoder().encode(indexed)
case .colors(let raster):  // more than 256 colours
  png = try PNGEncoder().encode(raster)
case .deep(let raster):  // only with options.depth = .sixteen
  png = try PNGEncoder().encode(raster)
}
// snippet.end

// snippet.options
var options = try QuantizerOptions(colors: 16)
options.effort = try Effort(8)
options.truncation = .soft(2)
options.dither.method = .errorDiffusion(.floydSteinberg)
options.pinned = [RGBColor(red: 255, green: 255, blue: 255)]
options.threads = 4
let dithered = try Quantizer(options).quantize(image.pixels)
// snippet.end

// snippet.frames
let fitted = try quantizer.palette(of: image.pixels)
let next = try quantizer.map(image.pixels, to: fitted)
// snippet.end

// snippet.hide
precondition(result.palette.entries.count == 16)
precondition(png.count > 100)
precondition(dithered.palette.colors.contains(options.pinned[0]))
precondition(next.palette.colors == fitted.palette.colors)
