import '@mantine/tiptap/styles.css';
import { RichTextEditor } from '@mantine/tiptap';
import { Image } from '@tiptap/extension-image';
import { type Editor, useEditor } from '@tiptap/react';
import { StarterKit } from '@tiptap/starter-kit';
import { useEffect, type ReactNode } from 'react';
import classes from './rich-text.module.css';

/** The field of a rich e-mail: what mail programs everywhere can show, and no more. */
export function RichText({
  label = 'Text',
  tools,
  initial,
  onChange,
  onReady,
  onFiles,
  onExpand,
}: {
  /** What it is to those who do not see it. */
  label?: string;
  /** More to do, at the end of the line of buttons. */
  tools?: ReactNode;
  initial: string;
  onChange: (html: string) => void;
  onReady: (editor: Editor | null) => void;
  /** Pictures that were pasted or dropped. */
  onFiles: (files: readonly File[]) => void;
  /** Tab behind a slash and a key. @returns Whether there is a text of that key. */
  onExpand: (key: string, editor: Editor) => boolean;
}) {
  const editor = useEditor({
    extensions: [
      StarterKit.configure({ link: { openOnClick: false, defaultProtocol: 'https' } }),
      Image.configure({ inline: true }),
    ],
    content: initial,
    injectCSS: false, // the page's policy allows none but its own
    onUpdate: (now) => onChange(now.editor.getHTML()),
    editorProps: {
      attributes: { 'aria-label': label, role: 'textbox', 'aria-multiline': 'true' },
      handlePaste: (_view, { clipboardData }) => takeFiles(clipboardData, onFiles),
      handleDrop: (_view, { dataTransfer }) => takeFiles(dataTransfer, onFiles),
      handleKeyDown: (view, event) => {
        if (event.key !== 'Tab' || event.shiftKey || !editor) return false;
        const { $from, empty } = view.state.selection;
        if (!empty) return false;
        const before = $from.parent.textBetween(0, $from.parentOffset, undefined, '\uFFFC');
        const key = /(?:^|\s)\/(\S{1,40})$/.exec(before)?.[1];
        if (key === undefined) return false;
        const from = $from.pos - key.length - 1;
        const isKnown = onExpand(key, editor);
        if (isKnown) editor.commands.deleteRange({ from, to: $from.pos });
        return isKnown;
      },
    },
  });
  useEffect(() => onReady(editor), [editor, onReady]);
  return (
    <RichTextEditor editor={editor} classNames={{ content: classes.content, root: classes.root }}>
      <RichTextEditor.Toolbar>
        <RichTextEditor.ControlsGroup>
          <RichTextEditor.Bold />
          <RichTextEditor.Italic />
          <RichTextEditor.Underline />
          <RichTextEditor.Strikethrough />
          <RichTextEditor.ClearFormatting />
        </RichTextEditor.ControlsGroup>
        <RichTextEditor.ControlsGroup>
          <RichTextEditor.BulletList />
          <RichTextEditor.OrderedList />
          <RichTextEditor.Blockquote />
        </RichTextEditor.ControlsGroup>
        <RichTextEditor.ControlsGroup>
          <RichTextEditor.Link />
          <RichTextEditor.Unlink />
        </RichTextEditor.ControlsGroup>
        <RichTextEditor.ControlsGroup>
          <RichTextEditor.Undo />
          <RichTextEditor.Redo />
        </RichTextEditor.ControlsGroup>
        {tools}
      </RichTextEditor.Toolbar>
      <RichTextEditor.Content />
    </RichTextEditor>
  );
}

function takeFiles(from: DataTransfer | null, onFiles: (files: readonly File[]) => void): boolean {
  const files = [...(from?.files ?? [])];
  if (files.length === 0) return false;
  onFiles(files);
  return true;
}
