//! What stands beside the codes of a line: notes, marks, the words before them.

use std::ops::Range;

use super::numbers::number_of;
use super::pieces::{PieceKind, Pieces};

/// What was read on a line before a code.
#[derive(Default)]
pub(super) struct TextBeside {
    pub(super) label: Option<u32>,
    pub(super) number: Option<u32>,
    pub(super) is_framed: bool,
    pub(super) is_named: bool,
    pub(super) lead: Vec<usize>,
    pub(super) notes: Vec<usize>,
}

impl TextBeside {
    pub(super) fn add(&mut self, pieces: &Pieces<'_>, range: Range<usize>) {
        for index in range {
            let Some(piece) = pieces.all.get(index) else { continue };
            match piece.kind {
                PieceKind::Label(number) => self.label = Some(number),
                PieceKind::Bullet => self.is_framed = true,
                PieceKind::Colon => self.is_named = true,
                PieceKind::Box | PieceKind::Tick | PieceKind::Filled => {
                    self.is_framed = true;
                    self.notes.push(index);
                }
                PieceKind::Part | PieceKind::Word | PieceKind::Sign if pieces.is_word(index) => {
                    self.is_named = false;
                    self.lead.push(index);
                }
                PieceKind::Part | PieceKind::Word | PieceKind::Sign => self.notes.push(index),
            }
        }
    }

    /// A cell of its own, without a code and without a colon at its end, is no sentence about the code.
    pub(super) fn end_cell(&mut self, pieces: &Pieces<'_>, cell: Range<usize>) {
        if let [index] = cell.clone().collect::<Vec<_>>().as_slice()
            && let Some(number) = number_of(pieces.text_at(*index))
        {
            self.number = Some(number);
            self.lead.clear();
            self.notes.clear();
        } else if !self.is_named {
            self.notes.append(&mut self.lead);
        }
    }
}
