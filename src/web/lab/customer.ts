/** A page as a customer sees it: the chat widget of the entry point in the address, and nothing else. */
import './customer.css';

const entryPoint = new URLSearchParams(location.search).get('entry-point') ?? '';
const root = document.getElementById('root');
if (root) {
  const note = document.createElement('p');
  note.textContent = 'This stands for a page of yours. The chat is at the bottom.';
  root.append(note);
}
const widget = document.createElement('script');
widget.src = '/chat/widget.js';
widget.async = true;
widget.dataset['entryPoint'] = entryPoint;
document.body.append(widget);
