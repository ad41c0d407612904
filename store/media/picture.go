package media

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"
)

const (
	maxPixels   = 40_000_000 // of a photo, width times height
	maxSide     = 65_535     // what JPEG can have
	displaySide = 1600       // pixels of the longer side of the copy for display
	displayMIME = "image/jpeg"

	// decodeMemory is what the pictures being decoded may take together, in
	// bytes, by the estimate of decodeCost. Each is counted as half of it at
	// least: two at a time.
	decodeMemory = 512 << 20
)

// codec reads one format.
type codec struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

// codecs of the photos that can be shown. A GIF decodes to its first frame.
var codecs = map[string]codec{
	"image/jpeg": {jpeg.DecodeConfig, jpeg.Decode},
	"image/png":  {png.DecodeConfig, png.Decode},
	"image/gif":  {gif.DecodeConfig, gif.Decode},
	"image/webp": {webp.DecodeConfig, webp.Decode},
}

// checkPicture refuses a photo that does not begin like one or has too many
// pixels. It reads the header only.
func checkPicture(mime string, data []byte) error {
	c, known := codecs[mime]
	if !known {
		return nil // HEIC: kept unseen
	}
	config, err := c.config(bytes.NewReader(data))
	if err != nil || config.Width <= 0 || config.Height <= 0 {
		return &Refused{Broken}
	}
	if config.Width > maxSide || config.Height > maxSide || config.Width*config.Height > maxPixels {
		return &Refused{TooBig}
	}
	return nil
}

// render makes the copy for display: upright, small, without metadata. A
// picture that cannot be decoded in bounded memory and time is ErrNoPreview.
func (l *Library) render(ctx context.Context, mime string, data []byte) ([]byte, error) {
	c, known := codecs[mime]
	if !known || checkPicture(mime, data) != nil {
		return nil, ErrNoPreview
	}
	config, err := c.config(bytes.NewReader(data))
	if err != nil {
		return nil, ErrNoPreview
	}
	orientation, cost := upright, decodeCost(mime, config)
	if mime == "image/jpeg" {
		if bytes.Count(data, jpegScan) > maxScans {
			return nil, ErrNoPreview
		}
		if bytes.Contains(data, jpegProgressive) {
			cost += 4 * cost // the coefficients of the whole picture, 32 bits each
		}
		orientation = jpegOrientation(data)
	}
	if cost > decodeMemory {
		return nil, ErrNoPreview
	}
	cost = max(cost, decodeMemory/2)
	if err := l.decodes.Acquire(ctx, cost); err != nil {
		return nil, fmt.Errorf("waiting to decode: %w", err)
	}
	defer l.decodes.Release(cost)

	picture, err := decode(c, data)
	if err != nil {
		return nil, ErrNoPreview
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, orientation.turn(fit(picture, displaySide)), &jpeg.Options{Quality: 85}); err != nil {
		return nil, fmt.Errorf("encoding preview: %w", err)
	}
	return out.Bytes(), nil
}

// decode calls a decoder with a stranger's bytes: should it panic on them, that
// is an error of this one picture.
func decode(c codec, data []byte) (picture image.Image, err error) {
	defer func() {
		if recover() != nil {
			picture, err = nil, ErrNoPreview
		}
	}()
	return c.decode(bytes.NewReader(data))
}

// decodeCost estimates the memory for decoding a picture, in bytes, not below
// what the decoders of the standard library and x/image use.
func decodeCost(mime string, config image.Config) int64 {
	perPixel := int64(4)
	switch config.ColorModel {
	case color.GrayModel:
		perPixel = 1
	case color.YCbCrModel:
		perPixel = 3
	case color.RGBA64Model, color.NRGBA64Model, color.CMYKModel:
		perPixel = 8
	}
	if mime == "image/png" || mime == "image/webp" {
		perPixel *= 2 // passes of an interlaced PNG, transforms of a lossless WebP
	}
	return perPixel * int64(config.Width) * int64(config.Height)
}

// fit returns the picture on white, scaled down so that neither side is longer
// than side.
func fit(src image.Image, side int) *image.RGBA {
	b := src.Bounds()
	longest := max(b.Dx(), b.Dy())
	factor := max(1, longest/side)
	small := average(src, factor)
	if longest = max(small.Rect.Dx(), small.Rect.Dy()); longest <= side {
		return small
	}
	dst := image.NewRGBA(image.Rect(0, 0,
		max(1, small.Rect.Dx()*side/longest), max(1, small.Rect.Dy()*side/longest)))
	draw.ApproxBiLinear.Scale(dst, dst.Rect, small, small.Rect, draw.Src, nil)
	return dst
}

// average scales a picture down by a whole factor: each pixel is the average of
// factor x factor pixels of the source, fewer at the right and lower edge. It
// works in strips, where the scalers of x/image/draw would take 32 bytes for
// each pixel.
func average(src image.Image, factor int) *image.RGBA {
	b := src.Bounds()
	dst := image.NewRGBA(image.Rect(0, 0, (b.Dx()+factor-1)/factor, (b.Dy()+factor-1)/factor))
	strip := image.NewRGBA(image.Rect(0, 0, b.Dx(), min(factor, b.Dy())))
	for y := range dst.Rect.Dy() {
		from := image.Pt(b.Min.X, b.Min.Y+y*factor)
		rows := min(factor, b.Max.Y-from.Y)
		draw.Draw(strip, strip.Rect, image.White, image.Point{}, draw.Src)
		draw.Draw(strip, image.Rect(0, 0, b.Dx(), rows), src, from, draw.Over)
		for x := range dst.Rect.Dx() {
			columns := min(factor, b.Dx()-x*factor)
			var red, green, blue int
			for row := range rows {
				at := strip.PixOffset(x*factor, row)
				for p := range columns {
					pixel := strip.Pix[at+4*p : at+4*p+3]
					red, green, blue = red+int(pixel[0]), green+int(pixel[1]), blue+int(pixel[2])
				}
			}
			n := rows * columns
			dst.SetRGBA(x, y, color.RGBA{uint8(red / n), uint8(green / n), uint8(blue / n), 255})
		}
	}
	return dst
}
