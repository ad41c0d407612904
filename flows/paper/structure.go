package paper

import (
	"fmt"
	"strings"
)

// element is a part of a paper as people speak of it: a heading, a paragraph, a table's row. Screen
// readers go by these (ISO 32000-1, 14.7), wherever on the pages the parts are drawn.
type element struct {
	tag   string
	words string // said in place of a picture
	more  string // what else its dictionary says
	parts []*element
	marks []contentMark
	ref   ref
}

type contentMark struct {
	page   *page
	number int
}

func (e *element) add(tag string) *element {
	part := &element{tag: tag}
	e.parts = append(e.parts, part)
	return part
}

// writeStructure writes the tree of elements and, the other way round, what each page's marks belong to.
func writeStructure(f *pdfFile, root *element, pages []*page) ref {
	tree := f.reserve()
	root.reserve(f)
	root.write(f, tree)
	var numbers strings.Builder
	for i, p := range pages {
		fmt.Fprintf(&numbers, " %d [", i)
		for _, e := range p.marked {
			fmt.Fprintf(&numbers, " %v", e.ref)
		}
		numbers.WriteString(" ]")
	}
	parents := f.add("<< /Nums [%s ] >>", &numbers)
	f.write(tree, "<< /Type /StructTreeRoot /K %v /ParentTree %v /ParentTreeNextKey %d >>", root.ref, parents, len(pages))
	return tree
}

func (e *element) reserve(f *pdfFile) {
	e.ref = f.reserve()
	for _, part := range e.parts {
		part.reserve(f)
	}
}

func (e *element) write(f *pdfFile, parent ref) {
	var kids strings.Builder
	for _, m := range e.marks {
		fmt.Fprintf(&kids, " << /Type /MCR /Pg %v /MCID %d >>", m.page.ref, m.number)
	}
	for _, part := range e.parts {
		fmt.Fprintf(&kids, " %v", part.ref)
		part.write(f, e.ref)
	}
	words := ""
	if e.words != "" {
		words = " /Alt " + textString(e.words)
	}
	f.write(e.ref, "<< /Type /StructElem /S /%s /P %v%s%s /K [%s ] >>", e.tag, parent, words, e.more, &kids)
}
