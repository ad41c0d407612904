package paper

import (
	"fmt"

	"rsc.io/qr"
)

// quiet is how many modules around a QR code stay white (ISO/IEC 18004).
const quiet = 4

// qrCode draws a QR code of an address in a square of the given side, its quiet border included.
func (p *page) qrCode(x, y, side float64, address string) error {
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		return fmt.Errorf("drawing the QR code: %w", err)
	}
	module := side / float64(code.Size+2*quiet)
	p.box(x, y, side, side, white)
	// In modules from here on: whole numbers meet without gaps.
	fmt.Fprintf(&p.content, "q %.5f 0 0 %.5f %s %s cm 0 g\n", module, -module, points(x+quiet*module), points(sheetHeight-y-quiet*module))
	for row := range code.Size {
		for column := 0; column < code.Size; column++ {
			start := column
			for column < code.Size && code.Black(column, row) {
				column++
			}
			if column > start {
				fmt.Fprintf(&p.content, "%d %d %d 1 re\n", start, row, column-start)
			}
		}
	}
	p.content.WriteString("f Q\n")
	return nil
}
